-- Make a chat reachable by a person's new id; the old number may pass to others.
--
-- KEYS  1 names:<account> hash   as for meet.lua
-- ARGV  1 old user   2 old phone   3 new user   4 new phone   digests, '' for none
-- Answers a list: the sealed chat, and the digest of the id under which the account is to be met
--       with its new number; '' if the old names lead to none. The old id is kept: late repeats
--       carry it, and nobody else gets it. The old number is kept as one that was given up.
local old_user, old_phone, user, phone = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if not phone then
  return redis.error_reply('ERR rename: malformed arguments')
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

local held = old_phone ~= '' and redis.call('HGET', KEYS[1], old_phone)
local owner, since, theirs = '', '', ''
if held then
  owner, since, theirs = read(held)
end
local mine = held and (owner == '' or old_user == '' or same(owner, old_user))
local by_user = old_user ~= '' and redis.call('HGET', KEYS[1], old_user)
if not by_user and not mine then
  return ''
end
local chat, me = theirs, old_user ~= '' and old_user or owner
if by_user then
  local _, _, known = read(by_user)
  chat = known
elseif old_user ~= '' then
  redis.call('HSET', KEYS[1], old_user, '|' .. chat)
end

if user ~= '' and not same(user, me) then
  local root = first(user)
  local entry = redis.call('HGET', KEYS[1], root)
  local own = chat
  if entry then
    local _, _, known = read(entry)
    own = known
  end
  redis.call('HSET', KEYS[1], root, first(me) .. '|' .. own)
end
if mine and old_phone ~= phone then
  local former = redis.call('HGET', KEYS[1], old_phone .. '~')
  if former then
    local before, earlier, left = read(former)
    if left == chat or same(before, me) then
      since = earlier
    end
  end
  local given = (owner ~= '' and owner or me) .. (since ~= '' and '/' or '') .. since
  redis.call('HSET', KEYS[1], old_phone .. '~', given .. '|' .. chat)
  redis.call('HDEL', KEYS[1], old_phone)
end

local met = user ~= '' and user or me
if phone ~= '' and met == '' then
  local other = redis.call('HGET', KEYS[1], phone)
  if other and (read(other)) ~= '' then
    redis.call('HSET', KEYS[1], phone .. '~', other)
  end
  redis.call('HSET', KEYS[1], phone, '|' .. chat)
end
return {chat, met}
