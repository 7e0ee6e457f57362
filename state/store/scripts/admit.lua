-- Ask a gate when the next message may pass; a caller that must wait gets a reserved place.
--
-- KEYS  1 gate:<digest> hash
-- ARGV  1 now ms   2 interval ms between messages, 0 for no rate   3 burst, messages at once
--       4 probe ms: a gate that was closed lets one message try, and the others wait so long
-- Answers a list: ms to wait (0: go now), 1 if a place is reserved for then (0: ask again), and the
--       consecutive failures. The rate is the generic cell rate algorithm: `tat` is when the gate
--       would be idle again.
local now, interval = tonumber(ARGV[1]), tonumber(ARGV[2])
local burst, probe = tonumber(ARGV[3]), tonumber(ARGV[4])
if not (now and interval and burst and probe) then
  return redis.error_reply('ERR admit: malformed arguments')
end

local kept = redis.call('HMGET', KEYS[1], 'tat', 'until', 'failures')
local closed, failures = tonumber(kept[2] or 0), tonumber(kept[3] or 0)
if closed > now then
  return {math.ceil(closed - now), 0, failures}
end
if closed > 0 then
  redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + probe))
end
if interval == 0 then
  return {0, 1, failures}
end
local tat = math.max(tonumber(kept[1] or 0), now) + interval
redis.call('HSET', KEYS[1], 'tat', string.format('%.3f', tat))
redis.call('PEXPIRE', KEYS[1], 86400000)
return {math.max(0, math.ceil(tat - burst * interval - now)), 1, failures}
