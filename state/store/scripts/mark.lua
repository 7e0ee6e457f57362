-- Write down the intention to perform the head effect, before the outside call.
--
-- KEYS  1 oown hash   2 odue zset
-- ARGV  1 chat   2 token   3 mark `seq:attempt`   4 until ms: the lease is renewed with it
-- Answers 'OK' or 'FENCED'.
local chat, token, mark, lease = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
if mark == '' or not lease then
  return redis.error_reply('ERR mark: malformed arguments')
end
if redis.call('HGET', KEYS[1], chat) ~= token then
  return 'FENCED'
end
redis.call('HDEL', KEYS[1], '')  -- needs no memory: a full Redis lets the outbox drain
redis.call('HSET', KEYS[1], chat .. '!', mark)
redis.call('ZADD', KEYS[2], lease, chat)
return 'OK'
