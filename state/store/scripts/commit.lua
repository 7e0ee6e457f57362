-- Commit one turn, atomically.
--
-- KEYS  1 chat:<chat> hash     2 out:<chat> list     3 odue zset       4 timers zset
--       5 seen:<chat> zset     6 log:<chat> stream   7 feed stream     8 idle zset
--       9 stats hash          10 bell list          11 dead stream     12 oown hash
--      13 pending zset        14 view:, with which the names of the views' zsets begin
--      15 find:, with which the names of the search's zsets begin
-- ARGV  1 chat               digest that names the chat
--       2 version            the one that was loaded; 0 for a new chat
--       3 now                ms
--       4 record             sealed
--       5 timer              ms when the next timer is due, '' for none
--       6 most               effects that may wait in this chat, '' for any number
--       7 token              of the lease under which the committer takes the chat, '' for none
--       8 until              ms when that lease ends
--       9 pending            ms since when the chat needs staff, '' if it does not
--      10 row                what the lists show of it, sealed, '' if that is as it was
--      11 said               what the customer said last, sealed, '' if nothing new
--      12 found              the digests by which it is found, '-' for none, '' as it was
--      13 deliveries  14 effects  15 entries  16 letters  17 counters  18 views
--                            how many of each follow, in this order; an effect is `lease|sealed`,
--                            a letter (a delivery that raised an error) a reason and its seal,
--                            a view in which the chat stands from now on its name and its place
-- Answers  OK        committed
--          MINE      committed, and the committer holds the chat and performs its effects
--          DUP       all deliveries were processed before: no-op
--          CONFLICT  the version changed: reload and retry
--          FULL      too many effects wait
--       Only OK and MINE write anything.
local chat, version, now, record = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local timer, most, token, lease = ARGV[5], ARGV[6], ARGV[7], tonumber(ARGV[8])
local pending, row, said, found = ARGV[9], ARGV[10], ARGV[11], ARGV[12]
local deliveries, effects, entries = tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])
local letters, counters, views = tonumber(ARGV[16]), tonumber(ARGV[17]), tonumber(ARGV[18])
local at = 19

local function written(number)
  return number == '' or tonumber(number)
end
local whole = version and now and lease and deliveries and effects and entries and letters
    and counters and views and written(timer) and written(pending) and written(most)
    and #ARGV == at - 1 + deliveries + effects + entries + 2 * letters + counters + 2 * views
for i = #ARGV - 2 * (views or 0) + 2, #ARGV, 2 do
  whole = whole and tonumber(ARGV[i])
end
if not whole then
  return redis.error_reply('ERR commit: malformed arguments')
end

local seen = 0
for i = at, at + deliveries - 1 do
  if redis.call('ZSCORE', KEYS[5], ARGV[i]) then
    seen = seen + 1
  end
end
if deliveries > 0 and seen == deliveries then
  return 'DUP'
end
local current = redis.call('HMGET', KEYS[1], 'v', 'oseq', 'w', 'f')
if seen > 0 or tonumber(current[1] or 0) ~= version then
  return 'CONFLICT'
end
if most ~= '' and effects > 0 and redis.call('LLEN', KEYS[2]) + effects > tonumber(most) then
  return 'FULL'
end

-- The first write needs memory: a full Redis refuses the turn as a whole.
local seq = tonumber(current[2] or 0)
redis.call('HSET', KEYS[1], 'v', version + 1, 'st', record, 'oseq', seq + effects)
redis.call('PERSIST', KEYS[1])  -- an erased chat starts again
if row ~= '' then
  redis.call('HSET', KEYS[1], 'row', row)
end
if said ~= '' then
  redis.call('HSET', KEYS[1], 'said', said)
end

for i = at, at + deliveries - 1 do
  redis.call('ZADD', KEYS[5], now, ARGV[i])
end
if deliveries > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now - 691200000)
  redis.call('ZREMRANGEBYRANK', KEYS[5], 0, -513)
  redis.call('PEXPIRE', KEYS[5], 691200000)
end

at = at + deliveries
for i = at, at + effects - 1 do
  seq = seq + 1
  redis.call('RPUSH', KEYS[2], string.format('%.0f', seq) .. '|' .. ARGV[i])
end
local mine = false
if effects > 0 and redis.call('ZADD', KEYS[3], 'NX', now, chat) == 1 and token ~= '' then
  mine = true
  redis.call('ZADD', KEYS[3], lease, chat)
  redis.call('HSET', KEYS[12], chat, token)
end

at = at + effects
for i = at, at + entries - 1 do
  redis.call('XADD', KEYS[6], '*', 'e', ARGV[i])
end
redis.call('XADD', KEYS[7], 'MAXLEN', '~', 1000, '*', 'c', chat)

at = at + entries
for i = at, at + 2 * letters - 1, 2 do
  redis.call('XADD', KEYS[11], 'MAXLEN', '~', 10000, '*',
    'k', 'event', 'c', chat, 'r', ARGV[i], 'e', ARGV[i + 1])
end

at = at + 2 * letters
for i = at, at + counters - 1 do
  redis.call('HINCRBY', KEYS[9], ARGV[i], 1)
end

if timer == '' then
  redis.call('ZREM', KEYS[4], chat)
else
  redis.call('ZADD', KEYS[4], timer, chat)
end
redis.call('ZADD', KEYS[8], now, chat)
if pending == '' then
  redis.call('ZREM', KEYS[13], chat)
else
  redis.call('ZADD', KEYS[13], pending, chat)
end

-- Of the views only what differs is written.
at = at + counters
local stood, list = {}, {}
for view, place in string.gmatch(current[3] or '', '(%S+) (%S+)') do
  stood[view] = place
end
for i = at, at + 2 * views - 1, 2 do
  local view, place = ARGV[i], ARGV[i + 1]
  if stood[view] ~= place then
    redis.call('ZADD', KEYS[14] .. view, place, chat)
  end
  stood[view] = nil
  list[#list + 1] = view .. ' ' .. place
end
for view in pairs(stood) do
  redis.call('ZREM', KEYS[14] .. view, chat)
end
local listed = table.concat(list, ' ')
if listed ~= (current[3] or '') then
  redis.call('HSET', KEYS[1], 'w', listed)
end

-- Of what it is found by too. A digest's first two letters name the key, the rest lies in it.
if found ~= '' and found ~= (current[4] or '-') then
  local gone = {}
  for digest in string.gmatch(current[4] or '', '%w+') do
    gone[digest] = true
  end
  for digest in string.gmatch(found, '%w+') do
    if not gone[digest] then
      redis.call('ZADD', KEYS[15] .. string.sub(digest, 1, 2), 0, string.sub(digest, 3) .. '|' .. chat)
    end
    gone[digest] = nil
  end
  for digest in pairs(gone) do
    redis.call('ZREM', KEYS[15] .. string.sub(digest, 1, 2), string.sub(digest, 3) .. '|' .. chat)
  end
  redis.call('HSET', KEYS[1], 'f', found)
end

-- Workers look at least once a second: only what is due sooner rings.
local soon = (effects > 0 and not mine) or (timer ~= '' and tonumber(timer) < now + 1000)
if soon and redis.call('LLEN', KEYS[10]) < 64 then
  redis.call('RPUSH', KEYS[10], '1')
end
return mine and 'MINE' or 'OK'
