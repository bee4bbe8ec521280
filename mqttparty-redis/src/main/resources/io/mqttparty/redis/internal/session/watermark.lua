-- Notes how far a session has come.
-- KEYS: 1 session
-- ARGV: 1 token, 2 highest number that was sent, 3 highest number up to which all are acknowledged
local s = redis.call('HMGET', KEYS[1], 'tok', 'ws', 'a')
if s[1] ~= ARGV[1] then
  return {'STALE'}
end
local set = {}
if tonumber(ARGV[2]) > (tonumber(s[2]) or 65535) then
  set[1], set[2] = 'ws', ARGV[2]
end
if tonumber(ARGV[3]) > (tonumber(s[3]) or 65535) then
  set[#set + 1] = 'a'
  set[#set + 1] = ARGV[3]
end
if #set > 0 then
  redis.call('HSET', KEYS[1], unpack(set))
end
return {'OK'}
