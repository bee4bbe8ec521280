-- The upstream has the message of an exchange.
-- KEYS: 1 session of the publisher, 2 its exchanges
-- ARGV: 1 token, 2 packet id
-- Answer: OK or STALE
local ENQUEUED, DONE = 2, 3

if redis.call('HGET', KEYS[1], 'tok') ~= ARGV[1] then
  return {'STALE'}
end
local known = redis.call('HGET', KEYS[2], ARGV[2])
if known and known:byte(1) == ENQUEUED then
  redis.call('HSET', KEYS[2], ARGV[2], string.char(DONE) .. known:sub(2))
end
return {'OK'}
