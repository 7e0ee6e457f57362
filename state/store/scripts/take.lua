-- Take the chats whose next effect is due, each under a lease.
--
-- KEYS  1 odue zset   2 oown hash   3 bell list
-- ARGV  1 now ms   2 until ms, when the lease ends   3 at most so many   4 token of the lease
-- Answers the list of chats. A lease is a future due time: if its owner dies, the chat is due again.
-- The wake-up list is emptied first: a later wake-up is noticed the next time.
local now, lease, most, token = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
if not (now and lease and most) or lease <= now or token == '' then
  return redis.error_reply('ERR take: malformed arguments')
end

local chats = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, most)
redis.call('DEL', KEYS[3])  -- needs no memory: a full Redis lets the outbox drain
for _, chat in ipairs(chats) do
  redis.call('ZADD', KEYS[1], lease, chat)
  redis.call('HSET', KEYS[2], chat, token)
end
return chats
