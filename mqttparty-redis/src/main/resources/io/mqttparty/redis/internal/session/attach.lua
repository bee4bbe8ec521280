-- Makes a connection the owner of its client's session, which is resumed or created.
-- KEYS: 1 session, 2 queue of a new incarnation, 3 lease of the node, 4 its clients, 5 wills, 6 clients; if an incarnation is guessed 7 its queue,
--   8 released, 9 inbound, 10 routes, 11 route log, 12 expiries; if an owner is guessed 13 its clients, 14 its inbox
-- ARGV: 1 client, 2 token, 3 node, 4 clean, 5 expiry in seconds, 6 window, 7 will or nothing, then if they are guessed 8 incarnation, 9 owner
-- Answer: NEW, epoch; or OK, {epoch, present, highest number that may have been sent, highest number, whether a queue was lost} in one text, incarnation,
--   id and record of each record, released, inbound, cursors, subscriptions, pending wills, owner before, each of which may be nothing
-- include lib_session

-- Only a client that flaps faster than wills are published has more.
local MAX_WILLS = 1000

local client, token, node = ARGV[1], ARGV[2], ARGV[3]

if redis.call('EXISTS', KEYS[3]) == 0 then
  return {'FENCED'}
end
local time = redis.call('TIME')
local second, fraction = time[1], string.format('%06d', time[2])
local micros, on = second .. fraction, second .. string.sub(fraction, 1, 3)
local flat = redis.call('HGETALL', KEYS[1])

-- Most of those that come for the first time: there is nothing, so nothing else needs a look. Of a client that had a session and has none any more, no
-- epoch is left: in microseconds, the time alone gives a higher one.
if #flat == 0 then
  if ARGV[7] == '' then
    redis.call('HSET', KEYS[1], 'n', node, 'e', micros, 'tok', token, 'inc', token, 'x', ARGV[5], 'on', on)
  else
    redis.call('HSET', KEYS[1], 'n', node, 'e', micros, 'tok', token, 'inc', token, 'x', ARGV[5], 'on', on, 'w', ARGV[7])
  end
  redis.call('SADD', KEYS[4], client)
  redis.call('ZADD', KEYS[6], 0, client)
  if ARGV[5] ~= '0' then
    redis.call('XADD', KEYS[2], 'MAXLEN', '=', '0', '0-65535', 'p', '')
  end
  return {'NEW', micros}
end

local s, wills = named(flat)
local repeated = s.tok == token
if s.inc ~= nil and s.inc ~= ARGV[8] or s.n ~= nil and not repeated and s.n ~= ARGV[9] then
  return {'RETRY', s.inc, s.n or ''}
end
local queue = KEYS[7]

-- What is there. Everything is read before anything is written, so that a key of a wrong type changes nothing.
local present, lost = s.present == '1', 0
if not repeated then
  local expired = not s.n and s.at and tonumber(s.at) + tonumber(s.x) * 1000 <= tonumber(on)
  present = s.inc ~= nil and s.x ~= '0' and ARGV[4] == '0' and not expired
end
local last, length = 65535, 0
if present or repeated then
  local found
  found, length = last_seq(queue)
  if found then
    last = found
  elseif present and not repeated then
    present, lost = false, 1
  end
end
local records, released, inbound
local acked, sent = last, 65535
if present or repeated then
  local window = tonumber(ARGV[6])
  if length and length > 0 then
    local entries = redis.call('XRANGE', queue, '-', '+', 'COUNT', math.max(1, window))
    acked = tonumber(string.sub(entries[1][1], 3)) - 1
    records = {} -- flat, since each table of an answer costs Redis a microsecond
    for i = 1, math.min(window, #entries) do
      records[2 * i - 1], records[2 * i] = entries[i][1], entries[i][2][2]
    end
  end
  if redis.call('EXISTS', KEYS[8], KEYS[9]) > 0 then
    released = redis.call('HKEYS', KEYS[8])
    inbound = redis.call('HGETALL', KEYS[9])
  end
  sent = tonumber(s.ws) or 65535 -- of a repeated attach, as the connection has said meanwhile
  if s.n and not repeated then
    sent = last -- it left without a word
  end
  sent = math.min(sent, last)
end

local function answer(epoch, inc, previous)
  local head = table.concat({epoch, present and 1 or 0, digits(sent), digits(last), lost}, ' ')
  return {
    'OK', head, inc, records or false, released or false, inbound or false, s.rp or false, s.sub or false, #wills > 0 and wills, previous or false
  }
end
if repeated then
  return answer(s.e, s.inc, s.pv)
end

-- The new owner. The first write is one that Redis refuses when its memory is full, so that then nothing is changed.
local epoch = digits(math.max((tonumber(s.e) or 0) + 1, tonumber(micros)))
local inc = present and s.inc or token
local set = {'n', node, 'e', epoch, 'tok', token, 'on', on}
local function also(field, value)
  if s[field] ~= value then
    set[#set + 1] = field
    set[#set + 1] = value
  end
end
local drop = {}
local function no_longer(field)
  if s[field] then
    drop[#drop + 1] = field
  end
end
also('inc', inc)
also('x', ARGV[5])
if present then
  also('present', '1')
  also('ws', digits(sent))
  also('a', digits(acked))
else
  no_longer('present')
  no_longer('ws')
  no_longer('a')
end
local previous
if s.n then
  previous = s.e .. ' ' .. s.n
  also('pv', previous)
else
  no_longer('pv')
end
if s.w then
  also('w:' .. s.e, s.w)
  wills[#wills + 1] = s.e
  wills[#wills + 1] = s.w
end
if ARGV[7] ~= '' then
  also('w', ARGV[7])
else
  no_longer('w')
end
if not present then
  no_longer('sub')
  no_longer('sv')
  no_longer('rp')
  s.sub, s.rp = nil, nil
end
redis.call('HSET', KEYS[1], unpack(set))
while #wills > 2 * MAX_WILLS do
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
if s.n then
  local kick = struct.pack('>BBHc0I8Hc0', 1, 3, #client, client, tonumber(s.e), #node, node)
  redis.call('XADD', KEYS[14], 'NOMKSTREAM', '0-*', 'f', node, 'p', struct.pack('>I4', #kick) .. kick)
  redis.call('SREM', KEYS[13], client)
elseif #wills > 0 then
  redis.call('ZREM', KEYS[5], client) -- the new owner publishes them
end
redis.call('SADD', KEYS[4], client)

-- The session.
if s.inc and not s.n then
  redis.call('ZREM', KEYS[12], client)
  redis.call('PERSIST', KEYS[1]) -- while it was offline, its keys had a life
end
if present then
  if not s.n then
    redis.call('PERSIST', queue)
    if released then
      redis.call('PERSIST', KEYS[8])
      redis.call('PERSIST', KEYS[9])
    end
  end
else
  if s.inc then
    redis.call('UNLINK', queue, KEYS[8], KEYS[9])
    end_route(KEYS[10], KEYS[11], client)
  else
    redis.call('ZADD', KEYS[6], 0, client)
  end
  if ARGV[5] ~= '0' then
    redis.call('XADD', KEYS[2], 'MAXLEN', '=', '0', '0-65535', 'p', '')
  end
  if #wills == 0 and not previous and lost == 0 then
    return {'NEW', epoch}
  end
end
return answer(epoch, inc, previous)
