-- Queue an effect in a lane of its own, for any worker with capacity.
--
-- KEYS  1 out:<chat> list   2 odue zset   3 bell list
-- ARGV  1 chat   2 effect `lease|sealed`   3 now ms
-- Answers 'OK', or 'DUP' if it waits there already. The lane has no record, and is deleted when the
--       effect has been performed.
local chat, effect, now = ARGV[1], ARGV[2], tonumber(ARGV[3])
if not now then
  return redis.error_reply('ERR defer: malformed arguments')
end
if redis.call('LLEN', KEYS[1]) > 0 then
  return 'DUP'
end
redis.call('RPUSH', KEYS[1], '1|' .. effect)
redis.call('ZADD', KEYS[2], 'NX', now, chat)
if redis.call('LLEN', KEYS[3]) < 64 then
  redis.call('RPUSH', KEYS[3], '1')
end
return 'OK'
