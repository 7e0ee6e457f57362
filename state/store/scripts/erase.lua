-- Erase a conversation: its record, journal, what the audit says of it, and its place in every list.
--
-- KEYS  1 chat:<chat> hash   2 out:<chat> list   3 odue zset    4 oown hash   5 timers zset
--       6 log:<chat> stream  7 idle zset         8 feed stream   9 pending zset
--       10 reasons:<chat> hash  11 view:, with which the names of the views' zsets begin
--       12 find:, with which the names of the search's zsets begin
-- ARGV  1 chat   2 version that was loaded
-- Answers 'OK', 'CONFLICT' (the version changed) or 'BUSY' (effects wait). The digests of its
--       deliveries stay for eight days, and so do the numbers of version and effects: a vendor's
--       late repeat must not revive the chat, and no number may be used twice.
local chat, version = ARGV[1], tonumber(ARGV[2])
if not version then
  return redis.error_reply('ERR erase: malformed arguments')
end
if (tonumber(redis.call('HGET', KEYS[1], 'v') or 0)) ~= version then
  return 'CONFLICT'
end
if redis.call('LLEN', KEYS[2]) > 0 then
  return 'BUSY'
end
for view in string.gmatch(redis.call('HGET', KEYS[1], 'w') or '', '(%S+) %S+') do
  redis.call('ZREM', KEYS[11] .. view, chat)
end
for digest in string.gmatch(redis.call('HGET', KEYS[1], 'f') or '', '%w+') do
  redis.call('ZREM', KEYS[12] .. string.sub(digest, 1, 2), string.sub(digest, 3) .. '|' .. chat)
end
redis.call('HDEL', KEYS[1], 'st', 'row', 'said', 'w', 'f')
redis.call('HINCRBY', KEYS[1], 'v', 1)
redis.call('PEXPIRE', KEYS[1], 691200000)
redis.call('DEL', KEYS[6], KEYS[10])
redis.call('ZREM', KEYS[3], chat)
redis.call('HDEL', KEYS[4], chat, chat .. '!')
redis.call('ZREM', KEYS[5], chat)
redis.call('ZREM', KEYS[7], chat)
redis.call('ZREM', KEYS[9], chat)
redis.call('XADD', KEYS[8], 'MAXLEN', '~', 1000, '*', 'c', chat)
return 'OK'
