-- Report a message's result to a gate: consecutive failures close it for a while.
--
-- KEYS  1 gate:<digest> hash
-- ARGV  1 now ms   2 '1' it went well, '0' the account could not be used
--       3 failures that close it   4 ms of the first closing   5 ms of the longest
-- Answers the ms for which it is closed now.
local now, well = tonumber(ARGV[1]), ARGV[2]
local most, pause, longest = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
if not (now and most and pause and longest) or (well ~= '0' and well ~= '1') then
  return redis.error_reply('ERR heard: malformed arguments')
end

if well == '1' then
  redis.call('HDEL', KEYS[1], 'failures', 'until')
  return 0
end
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
redis.call('PEXPIRE', KEYS[1], 86400000)
if failures < most then
  return 0
end
local wait = math.min(longest, pause * 2 ^ math.min(failures - most, 20))
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + wait))
return wait
