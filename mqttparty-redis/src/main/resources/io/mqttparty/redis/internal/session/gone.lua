-- A queue was not there. Says why, and removes a route that leads nowhere.
-- KEYS: 1 session, 2 routes, 3 route log
-- ARGV: 1 client, 2 incarnation
-- Answer: GONE, or LOST if the session says that it has one
local s = redis.call('HMGET', KEYS[1], 'inc', 'x')
if s[1] == ARGV[2] then
  return {s[2] == '0' and 'GONE' or 'LOST'}
end
local route = redis.call('HGET', KEYS[2], ARGV[1])
if route and struct.unpack('>xHc0', route) == ARGV[2] then
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', '200000', '*', 't', 'G', 'c', ARGV[1], 'i', ARGV[2])
end
return {'GONE'}
