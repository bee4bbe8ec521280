-- The pending wills of a client that is due, unless it is connected: then the connection that attached last publishes them, or its end makes them due
-- again.
-- KEYS: 1 session, 2 due times of wills
-- ARGV: 1 client
-- Answer: epoch, will, epoch, will, ...
-- include lib_session
local s, wills = load(KEYS[1])
if not s.n and not s.inc and #wills == 0 then
  redis.call('DEL', KEYS[1])
end
if s.n or #wills == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
  return {}
end
return wills
