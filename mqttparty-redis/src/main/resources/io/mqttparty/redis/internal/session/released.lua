-- PUBREC came: drops the record and remembers its number.
-- KEYS: 1 session, 2 queue of the guessed incarnation, 3 released
-- ARGV: 1 token, 2 number, 3 guessed incarnation
local s = redis.call('HMGET', KEYS[1], 'tok', 'inc', 'n')
if s[1] ~= ARGV[1] then
  return {'STALE'}
end
if s[2] ~= ARGV[3] then
  return {'RETRY', s[2], s[3]}
end
redis.call('XDEL', KEYS[2], '0-' .. ARGV[2]) -- first, since it is allowed when memory is full, and then the rest is too
redis.call('HSET', KEYS[3], ARGV[2], '1')
return {'OK'}
