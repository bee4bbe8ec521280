-- Makes a connection the owner of its client's session, which is resumed or created.
-- KEYS: 1 session, 2 queue of the guessed incarnation, 3 queue of a new one, 4 released, 5 inbound, 6 routes, 7 route log, 8 lease of the node,
--   9 its clients, 10 its inbox, 11 clients of the guessed owner, 12 its inbox, 13 expiries, 14 wills, 15 clients
-- ARGV: 1 client, 2 token, 3 node, 4 clean, 5 expiry in seconds, 6 will or nothing, 7 window, 8 guessed incarnation, 9 guessed owner,
--   10 how many wills may be pending
-- Answer: OK, epoch, incarnation, present, highest number that may have been sent, highest number, records, released, inbound, cursors,
--   subscriptions, pending wills, owner before, whether a queue was lost
-- include lib_session

local client, token, node = ARGV[1], ARGV[2], ARGV[3]

if redis.call('EXISTS', KEYS[8]) == 0 then
  return {'FENCED'}
end
local s, wills = load(KEYS[1])
local repeated = s.tok == token
local queue = KEYS[2]
if s.inc == token then
  queue = KEYS[3]
elseif s.inc and s.inc ~= ARGV[8] then
  return {'RETRY', s.inc, s.n or ''}
end
local owner_clients, owner_inbox = KEYS[11], KEYS[12]
if s.n == node then
  owner_clients, owner_inbox = KEYS[9], KEYS[10]
elseif s.n and not repeated and s.n ~= ARGV[9] then
  return {'RETRY', s.inc or '', s.n}
end

-- What is there. Everything is read before anything is written, so that a key of a wrong type changes nothing.
local time = now()
local present, lost = s.present == '1', 0
if not repeated then
  local expired = not s.n and s.at and tonumber(s.at) + tonumber(s.x) * 1000 <= time
  present = s.inc ~= nil and s.x ~= '0' and ARGV[4] == '0' and not expired
end
local last = 65535
if present or repeated then
  last = last_seq(queue)
  if not last then
    last = 65535
    if present and not repeated then
      present, lost = false, 1
    end
  end
end
local records, released, inbound = {}, {}, {}
local acked = last
if present or repeated then
  local window = tonumber(ARGV[7])
  records = redis.call('XRANGE', queue, '-', '+', 'COUNT', math.max(1, window))
  if records[1] then
    acked = tonumber(string.sub(records[1][1], 3)) - 1
  end
  if window == 0 then
    records = {}
  end
  released = redis.call('HKEYS', KEYS[4])
  inbound = redis.call('HGETALL', KEYS[5])
end

local function answer(epoch, inc, sent, previous)
  return {
    'OK', epoch, inc, present and 1 or 0, digits(sent), digits(last), records, released, inbound, s.rp or '', s.sub or '', wills, previous, lost
  }
end

local sent = 65535
if present or repeated then
  sent = tonumber(s.ws) or 65535
  if s.n and not repeated then
    sent = last -- it left without a word
  end
  sent = math.min(sent, last)
end
if repeated then
  return answer(s.e, s.inc, sent, s.pv or '')
end

-- The new owner. The first write is one that Redis refuses when its memory is full, so that then nothing is changed.
local epoch = digits(math.max((tonumber(s.e) or 0) + 1, time))
local inc = present and s.inc or token
local set = {
  'n', node, 'e', epoch, 'tok', token, 'present', present and '1' or '0', 'inc', inc, 'x', ARGV[5], 'on', digits(time), 'ws', digits(sent),
  'a', digits(acked)
}
local function also(field, value)
  set[#set + 1] = field
  set[#set + 1] = value
end
local drop = {}
local function no_longer(field)
  if s[field] then
    drop[#drop + 1] = field
  end
end
local previous = s.n and s.e .. ' ' .. s.n or ''
if s.n then
  also('pv', previous)
else
  no_longer('pv')
end
if s.n and s.w then
  also('w:' .. s.e, s.w)
  wills[#wills + 1] = s.e
  wills[#wills + 1] = s.w
end
if ARGV[6] ~= '' then
  also('w', ARGV[6])
else
  no_longer('w')
end
no_longer('at')
if not present then
  no_longer('sub')
  no_longer('sv')
  no_longer('rp')
  s.sub, s.rp = nil, nil
end
redis.call('HSET', KEYS[1], unpack(set))
while #wills > 2 * tonumber(ARGV[10]) do -- only a client that flaps faster than wills are published gets here
  local oldest = 1
  for i = 3, #wills, 2 do
    if tonumber(wills[i]) < tonumber(wills[oldest]) then
      oldest = i
    end
  end
  drop[#drop + 1] = 'w:' .. table.remove(wills, oldest)
  table.remove(wills, oldest)
end
if #drop > 0 then
  redis.call('HDEL', KEYS[1], unpack(drop))
end

-- The old owner.
if s.n then
  local kick = struct.pack('>BBHc0I8Hc0', 1, 3, #client, client, tonumber(s.e), #node, node)
  redis.call('XADD', owner_inbox, 'NOMKSTREAM', '0-*', 'f', node, 'p', struct.pack('>I4', #kick) .. kick)
  redis.call('SREM', owner_clients, client)
elseif #wills > 0 then
  redis.call('ZREM', KEYS[14], client)
end
redis.call('SADD', KEYS[9], client)

-- The session.
if not s.n then
  redis.call('ZREM', KEYS[13], client)
end
if present then
  if s.at then -- it was offline, so its keys had a life
    redis.call('PERSIST', KEYS[1])
    redis.call('PERSIST', queue)
    redis.call('PERSIST', KEYS[4])
    redis.call('PERSIST', KEYS[5])
  end
else
  redis.call('DEL', KEYS[4], KEYS[5])
  if s.inc then
    redis.call('PERSIST', KEYS[1])
    redis.call('UNLINK', queue)
    end_route(KEYS[6], KEYS[7], client)
  end
  redis.call('ZADD', KEYS[15], 0, client)
  if ARGV[5] ~= '0' then
    redis.call('XADD', KEYS[3], 'MAXLEN', '=', '0', '0-65535', 'p', '')
  end
end
return answer(epoch, inc, sent, previous)
