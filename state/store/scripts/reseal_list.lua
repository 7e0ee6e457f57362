-- Replace elements of a list by re-encrypted ones, at their current position, if they still exist.
--
-- KEYS  1 out:<chat> list
-- ARGV  element that was read, new element; and so on
-- Answers how many were replaced.
local count = #ARGV / 2
if count < 1 or count % 1 ~= 0 then
  return redis.error_reply('ERR reseal_list: malformed arguments')
end

local anew = {}
for i = 1, #ARGV, 2 do
  anew[ARGV[i]] = ARGV[i + 1]
end
local put = 0
for i, element in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if anew[element] then
    redis.call('LSET', KEYS[1], i - 1, anew[element])
    put = put + 1
  end
end
return put
