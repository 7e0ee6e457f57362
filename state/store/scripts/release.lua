-- Release a chat without performing its next effect: it is due at once, for any worker.
--
-- KEYS  1 odue zset   2 oown hash   3 bell list
-- ARGV  1 chat   2 token   3 now ms
-- Answers 'OK' or 'FENCED' (the lease is not ours).
local chat, token, now = ARGV[1], ARGV[2], tonumber(ARGV[3])
if not now then
  return redis.error_reply('ERR release: malformed arguments')
end
if redis.call('HGET', KEYS[2], chat) ~= token then
  return 'FENCED'
end
redis.call('HDEL', KEYS[2], chat)  -- needs no memory
redis.call('ZADD', KEYS[1], 'XX', now, chat)
if redis.call('LLEN', KEYS[3]) < 64 then
  redis.call('RPUSH', KEYS[3], '1')
end
return 'OK'
