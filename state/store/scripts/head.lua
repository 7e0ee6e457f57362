-- Read the next effect of a chat that one holds.
--
-- KEYS  1 out:<chat> list   2 oown hash   3 chat:<chat> hash
-- ARGV  1 chat   2 token
-- Answers 'FENCED' (the lease is somebody else's), 'EMPTY', or a list: the effect `seq|sealed`,
--       the mark of an earlier attempt of unknown outcome ('' if none), the sealed record.
local chat, token = ARGV[1], ARGV[2]
if redis.call('HGET', KEYS[2], chat) ~= token then
  return 'FENCED'
end
local effect = redis.call('LINDEX', KEYS[1], 0)
if not effect then
  return 'EMPTY'
end
return {effect, redis.call('HGET', KEYS[2], chat .. '!') or '', redis.call('HGET', KEYS[3], 'st') or ''}
