-- Commit one turn: all of it or nothing.
--
-- KEYS  1 chat:<chat> hash     2 out:<chat> list     3 odue zset       4 timers zset
--       5 seen:<chat> zset     6 log:<chat> stream   7 feed stream     8 idle zset
--       9 stats hash          10 bell list
-- ARGV  1 chat               digest that names the chat
--       2 version            the one that was loaded; 0 for a new chat
--       3 now                ms
--       4 record             sealed
--       5 timer              ms when the next timer is due, '' for none
--       6 deliveries  7 effects  8 entries     how many of each follow, in this order
-- Answers 'OK', 'DUP' (all deliveries were taken before: nothing to do) or
--       'CONFLICT' (the chat moved meanwhile: load and step again); nothing is written then.
local chat, version, now, record, timer = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5]
local deliveries, effects, entries = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local first = 9

if not (version and now and deliveries and effects and entries)
    or #ARGV ~= first - 1 + deliveries + effects + entries
    or (timer ~= '' and not tonumber(timer)) then
  return redis.error_reply('ERR commit: malformed arguments')
end

local seen = 0
for i = first, first + deliveries - 1 do
  if redis.call('ZSCORE', KEYS[5], ARGV[i]) then
    seen = seen + 1
  end
end
if deliveries > 0 and seen == deliveries then
  return 'DUP'
end
local current = redis.call('HMGET', KEYS[1], 'v', 'oseq')
if seen > 0 or tonumber(current[1] or 0) ~= version then
  return 'CONFLICT'
end

-- The first write needs memory: a full Redis refuses the turn as a whole.
local seq = tonumber(current[2] or 0)
redis.call('HSET', KEYS[1], 'v', version + 1, 'st', record, 'oseq', seq + effects)

for i = first, first + deliveries - 1 do
  redis.call('ZADD', KEYS[5], now, ARGV[i])
end
redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now - 691200000)
redis.call('ZREMRANGEBYRANK', KEYS[5], 0, -513)
redis.call('PEXPIRE', KEYS[5], 691200000)

first = first + deliveries
for i = first, first + effects - 1 do
  seq = seq + 1
  redis.call('RPUSH', KEYS[2], string.format('%.0f', seq) .. '|' .. ARGV[i])
end
if effects > 0 then
  redis.call('ZADD', KEYS[3], 'NX', now, chat)
end

first = first + effects
for i = first, first + entries - 1 do
  redis.call('XADD', KEYS[6], '*', 'e', ARGV[i])
end
redis.call('XADD', KEYS[7], 'MAXLEN', '~', 1000, '*', 'c', chat)

if timer == '' then
  redis.call('ZREM', KEYS[4], chat)
else
  redis.call('ZADD', KEYS[4], timer, chat)
end
redis.call('ZADD', KEYS[8], now, chat)
redis.call('HINCRBY', KEYS[9], 'turns', 1)

if (effects > 0 or timer ~= '') and redis.call('LLEN', KEYS[10]) < 64 then
  redis.call('RPUSH', KEYS[10], '1')
end
return 'OK'
