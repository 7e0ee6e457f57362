-- Put a sealed string back, sealed with another key; left as it is if it moved meanwhile.
--
-- KEYS  1 string of any kind that is sealed, such as invite:<digest>
-- ARGV  1 value that was read   2 value to put there
-- Answers how many were put there: 1 or 0. The time to live stays.
local read, anew = ARGV[1], ARGV[2]
if not anew or #ARGV ~= 2 then
  return redis.error_reply('ERR reseal_text: malformed arguments')
end
if redis.call('GET', KEYS[1]) ~= read then
  return 0
end
redis.call('SET', KEYS[1], anew, 'KEEPTTL')
return 1
