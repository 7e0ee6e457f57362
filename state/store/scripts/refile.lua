-- File a chat in its views, and by what it is found, anew, if it did not move since it was read.
--
-- KEYS  1 chat:<chat> hash   2 view:, with which the names of the views' zsets begin
--       3 find:, with which the names of the search's zsets begin
-- ARGV  1 chat   2 version that was read
--       3 record, sealed, '' to leave it   4 row, sealed   5 said, sealed, '' for nothing
--       6 found, the digests by which it is found, '-' for none
--       then of each view in which the chat stands its name and its place
-- Answers 1, or 0 if the version is another one, or nothing is stored: read again.
local chat, version, record, row, said = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local found = ARGV[6]
local whole = found and row ~= '' and #ARGV % 2 == 0
for i = 8, #ARGV, 2 do
  whole = whole and tonumber(ARGV[i])
end
if not whole then
  return redis.error_reply('ERR refile: malformed arguments')
end
local read = redis.call('HMGET', KEYS[1], 'v', 'st', 'w', 'f')
if read[1] ~= version or not read[2] then
  return 0
end

redis.call('HSET', KEYS[1], 'row', row)
if record ~= '' then
  redis.call('HSET', KEYS[1], 'st', record)
end
if said ~= '' then
  redis.call('HSET', KEYS[1], 'said', said)
end
local stood, list = {}, {}
for view, place in string.gmatch(read[3] or '', '(%S+) (%S+)') do
  stood[view] = place
end
for i = 7, #ARGV, 2 do
  redis.call('ZADD', KEYS[2] .. ARGV[i], ARGV[i + 1], chat)
  stood[ARGV[i]] = nil
  list[#list + 1] = ARGV[i] .. ' ' .. ARGV[i + 1]
end
for view in pairs(stood) do
  redis.call('ZREM', KEYS[2] .. view, chat)
end
redis.call('HSET', KEYS[1], 'w', table.concat(list, ' '))

-- A digest's first two letters name the key, the rest lies in it.
local gone = {}
for digest in string.gmatch(read[4] or '', '%w+') do
  gone[digest] = true
end
for digest in string.gmatch(found, '%w+') do
  redis.call('ZADD', KEYS[3] .. string.sub(digest, 1, 2), 0, string.sub(digest, 3) .. '|' .. chat)
  gone[digest] = nil
end
for digest in pairs(gone) do
  redis.call('ZREM', KEYS[3] .. string.sub(digest, 1, 2), string.sub(digest, 3) .. '|' .. chat)
end
redis.call('HSET', KEYS[1], 'f', found)
return 1
