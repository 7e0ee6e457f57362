-- Find the chat of a person by the channel's names of them; add new names, or create a chat.
--
-- KEYS  1 names:<account> hash   digest of a name -> `owner|sealed chat`; a number's owner is the
--                                digest of the account that showed it, '' if none ever did
-- ARGV  1 user   digest of the account's id, '' for none   2 phone   digest of the number, '' for none
--       3 fresh  the sealed name of a chat to begin
-- Answers the sealed chat. The account's id decides; a number decides only while no other account
--       has shown it.
local user, phone, chat = ARGV[1], ARGV[2], ARGV[3]
if not chat or (user == '' and phone == '') then
  return redis.error_reply('ERR meet: malformed arguments')
end
local by_user = user ~= '' and redis.call('HGET', KEYS[1], user)
local by_phone = phone ~= '' and redis.call('HGET', KEYS[1], phone)

if by_user then
  chat = string.match(by_user, '^[^|]*|(.*)$')
elseif by_phone then
  local owner, theirs = string.match(by_phone, '^([^|]*)|(.*)$')
  if user == '' or owner == '' or owner == user then
    chat = theirs
  end
end
if user ~= '' then
  redis.call('HSET', KEYS[1], user, '|' .. chat)
end
if phone ~= '' and (user ~= '' or not by_phone) then
  redis.call('HSET', KEYS[1], phone, user .. '|' .. chat)
end
return chat
