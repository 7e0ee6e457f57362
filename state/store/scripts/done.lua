-- Report an attempt at the first effect: performed, to be retried, or given up.
--
-- KEYS  1 out:<chat> list   2 odue zset   3 oown hash     4 log:<chat> stream
--       5 feed stream       6 dead stream 7 stats hash    8 bell list
--       9 receipts:<chat> hash
-- ARGV  1 chat   2 token   3 seq of the effect
--       4 verdict  'sent' or 'dead' end the effect; after 'retry', 'doubt', 'wait' it is due again
--       5 at ms    when it is due again; for 'sent' and 'dead' when the renewed lease ends
--       6 mark     what the next attempt finds; for 'sent' and 'dead' none
--       7 entry    sealed line for the journal, '' for none
--       8 reason   why it is dead
--       9 told     '' unless the feed is told even without a line
--      10 cause    why the message was not sent, '' if it was: kept as `seq!` beside its receipts
-- Answers 'FENCED', 'AGAIN' (reported before), 'EMPTY' (nothing waits), 'LATER' (it is due again
--       later), or 'MORE' (the lease continues with the next effect).
local chat, token, seq, verdict, at = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local mark, entry, reason, told, cause = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local final = verdict == 'sent' or verdict == 'dead'
if not at or not cause
    or not (final or verdict == 'retry' or verdict == 'doubt' or verdict == 'wait') then
  return redis.error_reply('ERR done: malformed arguments')
end
if redis.call('HGET', KEYS[3], chat) ~= token then
  return 'FENCED'
end
local head = redis.call('LINDEX', KEYS[1], 0)
if not head or string.sub(head, 1, #seq + 1) ~= seq .. '|' then
  return 'AGAIN'
end

redis.call('HDEL', KEYS[3], '')  -- needs no memory: a full Redis lets the outbox drain
redis.call('HINCRBY', KEYS[7], verdict, 1)
if entry ~= '' then
  redis.call('XADD', KEYS[4], '*', 'e', entry)
end
if entry ~= '' or told ~= '' then
  redis.call('XADD', KEYS[5], 'MAXLEN', '~', 1000, '*', 'c', chat)
end

if not final then
  redis.call('ZADD', KEYS[2], at, chat)
  redis.call('HSET', KEYS[3], chat .. '!', mark)
  redis.call('HDEL', KEYS[3], chat)
  if redis.call('LLEN', KEYS[8]) < 64 then
    redis.call('RPUSH', KEYS[8], '1')
  end
  return 'LATER'
end

redis.call('LPOP', KEYS[1])
redis.call('HDEL', KEYS[3], chat .. '!')
if cause ~= '' then
  redis.call('HSET', KEYS[9], seq .. '!', cause)
  redis.call('HDEL', KEYS[9], string.format('%.0f!', seq - 512))
  redis.call('PEXPIRE', KEYS[9], 691200000)
end
if verdict == 'dead' then
  redis.call('XADD', KEYS[6], 'MAXLEN', '~', 10000, '*',
    'k', 'effect', 'c', chat, 'r', reason, 'e', head)
end
if redis.call('LLEN', KEYS[1]) > 0 then
  redis.call('ZADD', KEYS[2], at, chat)
  return 'MORE'
end
redis.call('ZREM', KEYS[2], chat)
redis.call('HDEL', KEYS[3], chat)
return 'EMPTY'
