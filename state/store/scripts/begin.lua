-- Read the next effect of a held chat, and record the intention to perform it.
--
-- KEYS  1 out:<chat> list   2 oown hash   3 odue zset   4 chat:<chat> hash
-- ARGV  1 chat   2 token   3 now ms
-- Answers 'FENCED' (the lease is not ours), 'EMPTY', or a list: the effect
--       `seq|lease|sealed`, the mark that an earlier attempt left ('' if none), the version of the
--       record ('0' if none), the sealed record ('' if none).
-- The mark is `seq:attempt:?`: until the attempt is reported, its outcome is in doubt.
-- The lease is renewed for as long as this effect may take.
local chat, token, now = ARGV[1], ARGV[2], tonumber(ARGV[3])
if not now then
  return redis.error_reply('ERR begin: malformed arguments')
end
if redis.call('HGET', KEYS[2], chat) ~= token then
  return 'FENCED'
end
local effect = redis.call('LINDEX', KEYS[1], 0)
if not effect then
  redis.call('ZREM', KEYS[3], chat)
  redis.call('HDEL', KEYS[2], chat, chat .. '!')
  return 'EMPTY'
end

local seq, lease = string.match(effect, '^(%d+)|(%d+)|')
local mark = redis.call('HGET', KEYS[2], chat .. '!') or ''
local marked, attempt = string.match(mark, '^(%d+):(%d+):')
if marked ~= seq then
  mark, attempt = '', '0'
end
redis.call('HDEL', KEYS[2], '')  -- needs no memory: a full Redis lets the outbox drain
redis.call('HSET', KEYS[2], chat .. '!', seq .. ':' .. string.format('%.0f', attempt + 1) .. ':?')
redis.call('ZADD', KEYS[3], now + lease, chat)
local record = redis.call('HMGET', KEYS[4], 'v', 'st')
return {effect, mark, record[1] or '0', record[2] or ''}
