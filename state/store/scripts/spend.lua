-- Count against a limit; the same id counts once, however often it comes.
--
-- KEYS  1 budget:<digest> zset, id → when   2 barred:<digest> string, `until|id`
-- ARGV  1 now ms   2 id
--       3 pause ms of the block after exceeding, 0 for none; '' if exceeding is not counted
--       4 limit within   5 window ms; further pairs may follow
-- Answers a list: 'OK', 'FULL' (exceeded; a repeat gets the same answer) or 'BARRED' (blocked
--       before), and the time of the oldest entry, now if there is none. If exceeding is not
--       counted (3 is ''), FULL and BARRED add no entry.
local now, id, pause = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local malformed = not now or #ARGV < 5 or #ARGV % 2 == 0 or id == ''
    or (pause ~= '' and not tonumber(pause))
local life, kept = 0, 512
for i = 4, #ARGV do
  malformed = malformed or not tonumber(ARGV[i])
  if not malformed and i % 2 == 0 then
    kept = math.max(kept, tonumber(ARGV[i]))
  elseif not malformed then
    life = math.max(life, tonumber(ARGV[i]))
  end
end
if malformed then
  return redis.error_reply('ERR spend: malformed arguments')
end

local function since(window)
  return string.format('(%.0f', now - window)
end

local seen = tonumber(redis.call('ZSCORE', KEYS[1], id) or '')
local oldest = redis.call(
  'ZRANGEBYSCORE', KEYS[1], since(life), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
local first = math.min(now, tonumber(oldest[2] or now))
local over = false
for i = 4, #ARGV, 2 do
  local most, window = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  local spent = redis.call('ZCOUNT', KEYS[1], since(window), '+inf')
  if seen and seen > now - window then
    spent = spent - 1
  end
  over = over or spent >= most
end
local till, holder = string.match(redis.call('GET', KEYS[2]) or '', '^(%d+)|(.*)$')
local barred = till and tonumber(till) > now

if pause == '' then
  if barred then
    return {'BARRED', first}
  elseif seen and seen > now - life then
    return {'OK', first}
  elseif over then
    return {'FULL', first}
  end
end

redis.call('ZADD', KEYS[1], now, id)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - life))
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -kept - 1)
redis.call('PEXPIRE', KEYS[1], life)
if barred then
  return {holder == id and 'FULL' or 'BARRED', first}
elseif not over then
  return {'OK', first}
end
if tonumber(pause) > 0 then
  redis.call('SET', KEYS[2], string.format('%.0f|', now + tonumber(pause)) .. id, 'PX', pause)
end
return {'FULL', first}
