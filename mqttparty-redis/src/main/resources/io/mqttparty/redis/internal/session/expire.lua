-- Ends a session whose time is over, unless wills are left that have to be published first.
-- KEYS: 1 session, 2 queue of the guessed incarnation, 3 released, 4 inbound, 5 expiries, 6 wills, 7 clients, 8 routes, 9 route log
-- ARGV: 1 client, 2 guessed incarnation
-- Answer: EXPIRED, ONLINE, LATER, WILLS, or GONE if there was nothing left
-- include lib_session
local client = ARGV[1]
local s, wills = load(KEYS[1])
if s.n then
  redis.call('ZREM', KEYS[5], client)
  return {'ONLINE'}
end
local inc = s.inc
if inc then
  local time, due = now(), tonumber(s.at) + tonumber(s.x) * 1000
  -- Writes begin with one that Redis allows when its memory is full.
  if due > time then
    redis.call('ZREM', KEYS[5], client)
    redis.call('ZADD', KEYS[5], digits(due), client)
    return {'LATER'}
  end
  if #wills > 0 then
    redis.call('ZREM', KEYS[6], client)
    redis.call('ZADD', KEYS[6], digits(time), client)
    return {'WILLS'}
  end
else -- its life was over before anybody looked; what has none is left
  local route = redis.call('HGET', KEYS[8], client)
  if not route then
    redis.call('ZREM', KEYS[5], client)
    if #wills == 0 then
      redis.call('ZREM', KEYS[7], client)
    end
    return {'GONE'}
  end
  inc = struct.unpack('>xHc0', route)
end
if inc ~= ARGV[2] then
  return {'RETRY', inc, ''}
end

if s.inc then
  redis.call('DEL', KEYS[1])
end
redis.call('UNLINK', KEYS[2])
redis.call('DEL', KEYS[3], KEYS[4])
redis.call('ZREM', KEYS[5], client)
redis.call('ZREM', KEYS[7], client)
end_route(KEYS[8], KEYS[9], client)
return {'EXPIRED'}
