-- Ends the ownership of one connection, or of whatever connection a dead node left.
-- KEYS: 1 session, 2 queue of the guessed incarnation, 3 released, 4 inbound, 5 clients of the guessed owner, 6 expiries, 7 wills, 8 clients,
--   9 routes, 10 route log
-- ARGV: 1 client, 2 token; nothing for that of a dead node, 3 epoch, 4 CLEAN or LOST, 5 highest number that was sent, 6 guessed incarnation, 7 guessed
--   owner; the dead node if there is no token
-- Answer: OK, 1 if the session is over, its incarnation; or STALE
-- include lib_session

local client, token = ARGV[1], ARGV[2]
local reaping = token == ''

local s, wills = load(KEYS[1])
local mine = s.tok == token
if reaping then
  mine = s.n == ARGV[7]
end
if not mine then
  if reaping then
    redis.call('SREM', KEYS[5], client)
  elseif ARGV[4] == 'CLEAN' and redis.call('HDEL', KEYS[1], 'w:' .. ARGV[3]) == 1 and #wills == 2 then
    if not s.inc then
      redis.call('DEL', KEYS[1])
    end
    redis.call('ZREM', KEYS[7], client)
  end
  return {'STALE'}
end
if s.inc ~= ARGV[6] or s.n ~= ARGV[7] then
  return {'RETRY', s.inc, s.n}
end

-- The first write is in each case one that Redis allows when its memory is full.
if s.w and ARGV[4] == 'LOST' then
  wills[#wills + 1] = s.e
  wills[#wills + 1] = s.w
end
if s.x == '0' then
  redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
  redis.call('ZREM', KEYS[8], client)
  if s.sv then
    end_route(KEYS[9], KEYS[10], client)
  end
  if #wills > 0 then -- a stub, until they are published
    local stub = {'e', s.e}
    for i = 1, #wills, 2 do
      stub[#stub + 1] = 'w:' .. wills[i]
      stub[#stub + 1] = wills[i + 1]
    end
    redis.call('HSET', KEYS[1], unpack(stub))
  end
else
  local sent = math.max(tonumber(s.ws) or 65535, tonumber(ARGV[5]))
  if reaping then
    sent = last_seq(KEYS[2]) or sent -- nobody says how far it had come
  end
  local time = now()
  local set = {'at', digits(time), 'ws', digits(sent)}
  if s.w and ARGV[4] == 'LOST' then
    set[5], set[6] = 'w:' .. s.e, s.w
  end
  redis.call('HDEL', KEYS[1], 'n', 'tok', 'present', 'pv', 'w')
  redis.call('HSET', KEYS[1], unpack(set))
  local due = time + tonumber(s.x) * 1000
  redis.call('ZADD', KEYS[6], digits(due), client)
  -- Should nobody ever sweep, the session still ends; but not before its will is published.
  local life = digits(due - time + 3600000)
  if #wills == 0 then
    redis.call('PEXPIRE', KEYS[1], life)
  end
  redis.call('PEXPIRE', KEYS[2], life)
  if redis.call('EXISTS', KEYS[3], KEYS[4]) > 0 then
    redis.call('PEXPIRE', KEYS[3], life)
    redis.call('PEXPIRE', KEYS[4], life)
  end
end
redis.call('SREM', KEYS[5], client)
if #wills > 0 then
  redis.call('ZADD', KEYS[7], digits(now()), client)
end
return {'OK', s.x == '0' and 1 or 0, s.inc}
