-- Remember a number that was tried, once by its id, and return those tried before it.
--
-- KEYS  1 tried:<digest> list, `when|id|sealed`
-- ARGV  1 now ms   2 id   3 sealed   4 window ms, what is older is forgotten   5 most that are kept
-- Answers the sealed numbers of the window, the oldest first and that one last.
local now, id, sealed = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local window, most = tonumber(ARGV[4]), tonumber(ARGV[5])
if not (now and window and most) or id == '' or string.find(id, '|', 1, true) then
  return redis.error_reply('ERR remember: malformed arguments')
end

local tried, stale = {}, 0
for i, item in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  local at, of, what = string.match(item, '^(%d+)|([^|]*)|(.*)$')
  if tonumber(at) > now - window then
    tried[#tried + 1] = what
    if of == id then
      return tried
    end
  elseif stale == i - 1 then
    stale = i
  end
end

redis.call('RPUSH', KEYS[1], string.format('%.0f|', now) .. id .. '|' .. sealed)
redis.call('LTRIM', KEYS[1], math.max(stale, redis.call('LLEN', KEYS[1]) - most), -1)
redis.call('PEXPIRE', KEYS[1], window)
tried[#tried + 1] = sealed
return tried
