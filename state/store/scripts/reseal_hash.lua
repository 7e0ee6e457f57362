-- Replace sealed values of a hash by re-encrypted ones, if they are unchanged.
--
-- KEYS  1 hash of any kind that is sealed, such as chat:<chat>
-- ARGV  1 field that guards the others, '' for none   2 value that it must still have
--       then field, value that was read ('' if there was none), new value; and so on
-- Answers how many were replaced; none if the guard changed. The guard is what the values are
--       sealed with, such as the version: they must not end up under another one.
local guard, count = ARGV[1], (#ARGV - 2) / 3
if count < 1 or count % 1 ~= 0 then
  return redis.error_reply('ERR reseal_hash: malformed arguments')
end
if guard ~= '' and redis.call('HGET', KEYS[1], guard) ~= ARGV[2] then
  return 0
end

local put = 0
for i = 3, #ARGV, 3 do
  if (redis.call('HGET', KEYS[1], ARGV[i]) or '') == ARGV[i + 1] then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2])
    put = put + 1
  end
end
return put
