-- Keep with a chat what the audit says of it, unless the chat was erased.
--
-- KEYS  1 chat:<chat> hash   2 reasons:<chat> hash
-- ARGV  1 token   2 sealed value   3 seconds for which the whole hash is kept from now on
-- Answers 1, or 0 if the chat is not there: nothing is kept then.
local token, value, life = ARGV[1], ARGV[2], tonumber(ARGV[3])
if #ARGV ~= 3 or not life or life < 1 then
  return redis.error_reply('ERR keep_reason: malformed arguments')
end
if redis.call('HEXISTS', KEYS[1], 'st') == 0 then
  return 0
end
redis.call('HSET', KEYS[2], token, value)
redis.call('EXPIRE', KEYS[2], life)
return 1
