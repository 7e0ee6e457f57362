-- Record how far a message got; a message in doubt that arrived is due at once, to be settled.
--
-- KEYS  1 receipts:<chat> hash   2 out:<chat> list   3 odue zset   4 oown hash   5 stats hash
--       6 bell list              7 feed stream
-- ARGV  1 chat   2 seq of the effect   3 reach, 1 to 4   4 category it is billed under, '' for none
--       5 now ms   6 the vendor's code if it failed, '' for none
-- Answers 'NEW' if it adds to what was recorded before, else 'OLD'. A receipt is stored as
--       `reach|billed`, the code beside it as `seq!`, for eight days and the last 512 messages.
local chat, seq, reach, billed = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local now, cause = tonumber(ARGV[5]), ARGV[6]
if not (seq and reach and billed and now and cause) then
  return redis.error_reply('ERR note: malformed arguments')
end

local noted = redis.call('HGET', KEYS[1], seq) or '0|'
local before, charged = string.match(noted, '^(%d)|(.*)$')
local further, price = reach > tonumber(before), charged == '' and billed ~= ''
if not (further or price) then
  return 'OLD'
end

redis.call('HSET', KEYS[1], seq,
  (further and ARGV[3] or before) .. '|' .. (price and billed or charged))
if further and cause ~= '' then
  redis.call('HSET', KEYS[1], ARGV[2] .. '!', cause)
end
redis.call('HDEL', KEYS[1], string.format('%.0f', seq - 512), string.format('%.0f!', seq - 512))
redis.call('PEXPIRE', KEYS[1], 691200000)
if price then
  redis.call('HINCRBY', KEYS[5], 'billed_' .. billed, 1)
end
if not further then
  return 'OLD'
end

redis.call('XADD', KEYS[7], 'MAXLEN', '~', 1000, '*', 'c', chat)
local head = redis.call('LINDEX', KEYS[2], 0) or ''
local mark = redis.call('HGET', KEYS[4], chat .. '!') or ''
local waits = string.sub(head, 1, #ARGV[2] + 1) == ARGV[2] .. '|'
    and string.match(mark, '^' .. ARGV[2] .. ':%d+:%?') ~= nil
    and not redis.call('HGET', KEYS[4], chat)
if waits then
  redis.call('ZADD', KEYS[3], now, chat)
  if redis.call('LLEN', KEYS[6]) < 64 then
    redis.call('RPUSH', KEYS[6], '1')
  end
end
return 'NEW'
