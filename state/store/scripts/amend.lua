-- Change a member of staff as one, if nobody else did meanwhile.
--
-- KEYS  1 user:<digest> hash
-- ARGV  1 number that must stand there, '' for none (a new member, or one of 0.1)
--       2 number to stand there
--       then field, value; and so on; an empty value removes the field
-- Answers 1, or 0 if another number stands there: read again. What is sealed knows its number, so
--       all of it changes together.
local count = #ARGV - 2
if count < 2 or count % 2 ~= 0 or not tonumber(ARGV[2]) then
  return redis.error_reply('ERR amend: malformed arguments')
end
if (redis.call('HGET', KEYS[1], 'v') or '') ~= ARGV[1] then
  return 0
end

redis.call('HSET', KEYS[1], 'v', ARGV[2])
for i = 3, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
return 1
