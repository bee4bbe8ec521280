-- The time in milliseconds, and in microseconds.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000), time[1] * 1000000 + time[2]
end

-- A number in digits, as it goes into ids and fields.
local function digits(number)
  return string.format('%.0f', number)
end

-- All fields of a session hash by name, and its pending wills: epoch in digits, value, epoch, value, ...
local function named(flat)
  local fields, wills = {}, {}
  for i = 1, #flat, 2 do
    local name = flat[i]
    if string.byte(name, 2) == 58 then -- w:<epoch>; no other name has a colon
      wills[#wills + 1] = string.sub(name, 3)
      wills[#wills + 1] = flat[i + 1]
    else
      fields[name] = flat[i + 1]
    end
  end
  return fields, wills
end

-- The same of a session that is read first.
local function load(key)
  return named(redis.call('HGETALL', key))
end

-- The highest number that a queue has given, and how many records are in it; nil if there is no queue.
local function last_seq(queue)
  local info = redis.pcall('XINFO', 'STREAM', queue)
  if info.err then
    if string.find(info.err, 'no such key', 1, true) then
      return nil
    end
    error(info.err, 0)
  end
  local last, length
  for i = 1, #info, 2 do
    if info[i] == 'length' then
      length = info[i + 1]
    elseif info[i] == 'last-generated-id' then
      last = tonumber(string.sub(info[i + 1], 3))
    end
  end
  return last, length
end

-- Removes the route of a client and tells the followers of the log, if it has one.
local function end_route(routes, log, client)
  local route = redis.call('HGET', routes, client)
  if route then
    redis.call('HDEL', routes, client)
    local inc = struct.unpack('>xHc0', route)
    redis.call('XADD', log, 'MAXLEN', '~', '200000', '*', 't', 'G', 'c', client, 'i', inc)
  end
end
