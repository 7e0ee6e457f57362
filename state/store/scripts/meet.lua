-- Find the chat of a person by the channel's names of them; add new names, or create a chat.
--
-- KEYS  1 names:<account> hash   digest of a name -> `owner/since|sealed chat`
--         of a number        owner: the digest of the account that showed it, '' if none ever did;
--                            since: ms when a second account had shown it, left out if none has
--         of an account's id owner: the id that it had before; no since
--         of a number and ~  what stood under the number while another account had it
-- ARGV  1 user   digest of the account's id, '' for none   2 phone   digest of the number, '' for none
--       3 fresh  the sealed name of a chat to begin        4 now ms
-- Answers the sealed chat; with since, in a list, if the number was another account's too. The
--       account's id decides; a number decides only while no other account has shown it.
local user, phone, chat, now = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
if not now or (user == '' and phone == '') then
  return redis.error_reply('ERR meet: malformed arguments')
end

local function read(entry)
  return string.match(entry, '^([^|/]*)/?(%d*)|(.*)$')
end

local function first(id)
  for _ = 1, 16 do
    local entry = id ~= '' and redis.call('HGET', KEYS[1], id)
    local before = entry and read(entry) or ''
    if before == '' then
      break
    end
    id = before
  end
  return id
end

local function same(one, other)
  return one ~= '' and other ~= '' and (one == other or first(one) == first(other))
end

local by_user = user ~= '' and redis.call('HGET', KEYS[1], user)
local held, former, owner, since, theirs = false, false, '', '', ''
if phone ~= '' then
  local entries = redis.call('HMGET', KEYS[1], phone, phone .. '~')
  held, former = entries[1], entries[2]
end
if held then
  owner, since, theirs = read(held)
end
local mine = held and (user == '' or owner == '' or same(owner, user))

if by_user then
  local _, _, known = read(by_user)
  chat = known
elseif mine then
  chat = theirs
end
if user ~= '' and not by_user then
  redis.call('HSET', KEYS[1], user, '|' .. chat)
end
if phone == '' then
  return chat
end

if held and not mine then
  since = since ~= '' and since or string.format('%.0f', now)
  if former and same((read(former)), user) then
    return {chat, since}  -- a late message of the account that had it before
  end
  redis.call('HSET', KEYS[1], phone .. '~', held)
elseif former then
  local before, earlier, left = read(former)
  if left == chat or same(before, user ~= '' and user or owner) then
    since = earlier  -- it was this account all along
    redis.call('HDEL', KEYS[1], phone .. '~')
  elseif since == '' then
    since = earlier ~= '' and earlier or string.format('%.0f', now)
  end
end
local shown = user ~= '' and user or owner
redis.call('HSET', KEYS[1], phone, shown .. (since ~= '' and '/' or '') .. since .. '|' .. chat)
return since == '' and chat or {chat, since}
