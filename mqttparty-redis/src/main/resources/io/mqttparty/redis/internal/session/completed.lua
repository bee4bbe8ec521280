-- PUBCOMP came: forgets the number.
-- KEYS: 1 session, 2 released
-- ARGV: 1 token, 2 number
if redis.call('HGET', KEYS[1], 'tok') ~= ARGV[1] then
  return {'STALE'}
end
redis.call('HDEL', KEYS[2], ARGV[2])
return {'OK'}
