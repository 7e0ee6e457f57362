-- Rewrite a stream with re-encrypted entries, if it is unchanged.
--
-- KEYS  1 stream of any kind that is sealed, such as log:<chat>   2 its name while it is written
-- ARGV  1 field that is sealed   2 id of the last entry that was read   3 entries that were read
--       then for each entry the new value, '' to leave it
-- Answers how many were replaced, 0 if the stream changed meanwhile. Ids, their order, the last id
--       and the time to live stay the same; the new stream replaces the old one at the end.
local field, last, count = ARGV[1], ARGV[2], tonumber(ARGV[3])
if not count or count < 1 or #ARGV ~= 3 + count then
  return redis.error_reply('ERR reseal_stream: malformed arguments')
end
local lines = redis.call('XRANGE', KEYS[1], '-', '+')
if #lines ~= count or lines[count][1] ~= last then
  return 0
end
local life, about, given = redis.call('PTTL', KEYS[1]), redis.call('XINFO', 'STREAM', KEYS[1]), last
for i = 1, #about, 2 do
  if about[i] == 'last-generated-id' then
    given = about[i + 1]
  end
end

local put = 0
for i, line in ipairs(lines) do
  local id, fields, anew = line[1], line[2], ARGV[3 + i]
  for j = 1, #fields, 2 do
    if fields[j] == field and anew ~= '' then
      fields[j + 1] = anew
      put = put + 1
    end
  end
  redis.call('XADD', KEYS[2], id, unpack(fields))
end
if given ~= last then  -- the last line was dropped: its number is not given again
  redis.call('XADD', KEYS[2], given, field, '')
  redis.call('XDEL', KEYS[2], given)
end
redis.call('RENAME', KEYS[2], KEYS[1])
if life > 0 then
  redis.call('PEXPIRE', KEYS[1], life)
end
return put
