-- Count a try to sign in, before it is made; or give one back.
--
-- KEYS  1 throttle:<digest> string: when all tries are there again, ms
-- ARGV  1 now ms   2 ms after which one more try is there   3 tries that may be made at once
--       4 'take', or 'give' for one that shall not count
-- Answers 0, or how many ms to wait: then nothing was counted. It is the generic cell rate
--       algorithm; two at once are counted one after the other.
local now, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if not (now and interval and burst) or (ARGV[4] ~= 'take' and ARGV[4] ~= 'give') then
  return redis.error_reply('ERR try: malformed arguments')
end

local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
if ARGV[4] == 'give' then
  full = full - interval
else
  full = full + interval
end
local wait = full - burst * interval - now
if wait > 0 then
  return math.ceil(wait)
end
if full > now then
  redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil(full - now))
else
  redis.call('DEL', KEYS[1])
end
return 0
