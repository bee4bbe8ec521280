-- PUBREL came: the packet id is free.
-- KEYS: 1 session of the publisher, 2 its exchanges
-- ARGV: 1 token, 2 packet id
-- Answer: OK or STALE
if redis.call('HGET', KEYS[1], 'tok') ~= ARGV[1] then
  return {'STALE'}
end
redis.call('HDEL', KEYS[2], ARGV[2])
return {'OK'}
