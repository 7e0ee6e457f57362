-- Replace a sealed string by a re-encrypted one, if it is unchanged.
--
-- KEYS  1 string of any kind that is sealed, such as invite:<digest>
-- ARGV  1 value that was read   2 new value
-- Answers how many were replaced: 1 or 0. The time to live stays the same.
local read, anew = ARGV[1], ARGV[2]
if not anew or #ARGV ~= 2 then
  return redis.error_reply('ERR reseal_text: malformed arguments')
end
if redis.call('GET', KEYS[1]) ~= read then
  return 0
end
redis.call('SET', KEYS[1], anew, 'KEEPTTL')
return 1
