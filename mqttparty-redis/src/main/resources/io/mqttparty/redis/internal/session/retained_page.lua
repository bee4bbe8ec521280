-- Appends a page of retained messages to the session's own queue and moves the cursor on.
-- KEYS: 1 session, 2 queue of the guessed incarnation, 3... values of buckets
-- ARGV: 1 token, 2 guessed incarnation, 3 cursor, 4 next cursor or nothing, 5 most records and 6 most bytes of the queue, 7 QoS granted, then for each
--   topic the number of its bucket among KEYS and the topic
-- Answer: OK, highest number of the queue; LOST if there is no queue; STALE
-- include lib_session
-- include lib_trim

-- Where a cursor begins, and what is behind it.
local function find(cursors, cursor)
  local at = 1
  while at <= #cursors do
    local _, _, _, behind = struct.unpack('>Hc0BHc0', cursors, at)
    if cursors:sub(at, behind - 1) == cursor then
      return at, behind
    end
    at = behind
  end
end

local function as_retained(record, grant)
  local flags = record:byte(2)
  local qos = flags % 4
  local retain = math.floor(flags / 4) % 2
  local changed = flags - qos + math.min(qos, grant) + (1 - retain) * 4
  return changed == flags and record or record:sub(1, 1) .. string.char(changed) .. record:sub(3)
end

local s = redis.call('HMGET', KEYS[1], 'tok', 'inc', 'n', 'rp')
if s[1] ~= ARGV[1] then
  return {'STALE'}
end
if s[2] ~= ARGV[2] then
  return {'RETRY', s[2], s[3] or ''}
end

local id
local cursors = s[4] or ''
local from, behind = find(cursors, ARGV[3])
if from then
  local grant = tonumber(ARGV[7])
  for i = 8, #ARGV, 2 do
    local record = redis.call('HGET', KEYS[tonumber(ARGV[i])], ARGV[i + 1])
    if record then
      record = as_retained(record, grant)
      id = redis.call('XADD', KEYS[2], 'NOMKSTREAM', 'MAXLEN', '~', ARGV[5], '0-*', 'p', record)
      if not id then
        return {'LOST'}
      end
    end
  end
  cursors = cursors:sub(1, from - 1) .. ARGV[4] .. cursors:sub(behind)
  if cursors == '' then
    redis.call('HDEL', KEYS[1], 'rp')
  else
    redis.call('HSET', KEYS[1], 'rp', cursors)
  end
end
if id then
  trim(KEYS[2], tonumber(ARGV[6]))
  return {'OK', id:sub(3)}
end
local last = last_seq(KEYS[2])
return last and {'OK', digits(last)} or {'LOST'}
