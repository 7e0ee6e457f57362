-- Raise a number of the installation; it is never lowered, however late somebody comes.
--
-- KEYS  1 meta hash
-- ARGV  1 name of the number   2 number
-- Answers the number that stands there from now on.
local name, number = ARGV[1], tonumber(ARGV[2])
if not number or name == '' then
  return redis.error_reply('ERR raise: malformed arguments')
end
local stands = tonumber(redis.call('HGET', KEYS[1], name) or 0)
if stands >= number then
  return stands
end
redis.call('HSET', KEYS[1], name, ARGV[2])
return number
