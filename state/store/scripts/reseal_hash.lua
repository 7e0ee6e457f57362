-- Replace sealed values of a hash by re-encrypted ones, if they are unchanged.
--
-- KEYS  1 hash of any kind that is sealed, such as chat:<chat>
-- ARGV  field, value that was read, new value; and so on
-- Answers how many were replaced.
local count = #ARGV / 3
if count < 1 or count % 1 ~= 0 then
  return redis.error_reply('ERR reseal_hash: malformed arguments')
end

local put = 0
for i = 1, #ARGV, 3 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2])
    put = put + 1
  end
end
return put
