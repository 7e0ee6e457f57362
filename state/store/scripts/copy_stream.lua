-- Copy a slice of a stream that is too long for one script; replace the stream when all is copied.
--
-- KEYS  1 stream, such as audit   2 its copy
-- ARGV  1 the field of every entry   2 id of the last entry of the copy so far, '' for none
--       3 ms after which an unfinished copy dies
--       then for each entry of the slice its id and its value
-- Answers 0 to go on behind the slice, 1 when the copy has replaced the stream, -1 if somebody else
--       copies it. Ids, their order and the last id stay the same.
local field, expected, life = ARGV[1], ARGV[2], tonumber(ARGV[3])
if not expected or not life or life < 1 or #ARGV % 2 == 0 then
  return redis.error_reply('ERR copy_stream: malformed arguments')
end

local function newest(name)
  local lines = redis.call('XREVRANGE', name, '+', '-', 'COUNT', 1)
  return lines[1] and lines[1][1] or ''
end

if newest(KEYS[2]) ~= expected then
  return -1
end
for i = 4, #ARGV, 2 do
  redis.call('XADD', KEYS[2], ARGV[i], field, ARGV[i + 1])
end
redis.call('PEXPIRE', KEYS[2], life)
local last = newest(KEYS[1])
if last == '' or newest(KEYS[2]) ~= last then
  return 0
end
redis.call('RENAME', KEYS[2], KEYS[1])
redis.call('PERSIST', KEYS[1])
return 1
