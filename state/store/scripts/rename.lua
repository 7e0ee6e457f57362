-- Make a chat reachable by a person's new names.
--
-- KEYS  1 names:<account> hash   digest of a name -> `owner|sealed chat`
-- ARGV  1 old user   2 old phone   3 new user   4 new phone   digests, '' for none
-- Answers the sealed chat, or '' if the old names lead to none. The old id is kept: late repeats
--       carry it, and nobody else gets it. The old number may pass to others, so it is deleted.
local old_user, old_phone, user, phone = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if not phone then
  return redis.error_reply('ERR rename: malformed arguments')
end
local found = (old_user ~= '' and redis.call('HGET', KEYS[1], old_user))
    or (old_phone ~= '' and redis.call('HGET', KEYS[1], old_phone))
if not found then
  return ''
end

local owner, chat = string.match(found, '^([^|]*)|(.*)$')
if user ~= '' and redis.call('HEXISTS', KEYS[1], user) == 0 then
  redis.call('HSET', KEYS[1], user, '|' .. chat)
end
if old_phone ~= '' and old_phone ~= phone then
  redis.call('HDEL', KEYS[1], old_phone)
end
if phone ~= '' then
  local now = user ~= '' and user or (old_user ~= '' and old_user) or owner
  redis.call('HSET', KEYS[1], phone, now .. '|' .. chat)
end
return chat
