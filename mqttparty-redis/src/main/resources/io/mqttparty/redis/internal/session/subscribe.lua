-- Merges a change into the subscriptions of a session and announces the outcome.
-- KEYS: 1 session, 2 routes, 3 route log
-- ARGV: 1 client, 2 token, 3 how many subscriptions it may have, 4 how many filters follow that are given up, these filters, then for each subscription
--   to set its filter, its QoS as a byte, and 1 if it may have retained messages
-- Answer: OK, position, indexes of the subscriptions beyond the limit
local s = redis.call('HMGET', KEYS[1], 'tok', 'inc', 'sub', 'sv', 'rp')
if s[1] ~= ARGV[2] then
  return {'STALE'}
end

-- A map that keeps the order in which its names came: list has the packed entries, in which a removed one is empty; place has their places.
local function new_map()
  return {list = {}, place = {}, count = 0}
end
local function put(map, name, entry)
  local place = map.place[name]
  if not place then
    place = #map.list + 1
    map.place[name], map.count = place, map.count + 1
  end
  map.list[place] = entry
end
local function remove(map, name)
  local place = map.place[name]
  if place then
    map.list[place], map.place[name], map.count = '', nil, map.count - 1
  end
end

local subscriptions, cursors = new_map(), new_map()
local packed, at = s[3] or '', 1
while at <= #packed do
  local filter, _, next = struct.unpack('>Hc0B', packed, at)
  put(subscriptions, filter, string.sub(packed, at, next - 1))
  at = next
end
packed, at = s[5] or '', 1
while at <= #packed do
  local filter, _, _, next = struct.unpack('>Hc0BHc0', packed, at)
  put(cursors, filter, string.sub(packed, at, next - 1))
  at = next
end

local first = 5 + tonumber(ARGV[4])
for i = 5, first - 1 do
  remove(subscriptions, ARGV[i])
  remove(cursors, ARGV[i])
end
local refused, limit = {}, tonumber(ARGV[3])
for i = first, #ARGV, 3 do
  local filter = ARGV[i]
  if not subscriptions.place[filter] and subscriptions.count >= limit then
    refused[#refused + 1] = (i - first) / 3
  else
    local entry = struct.pack('>Hc0', #filter, filter) .. ARGV[i + 1]
    put(subscriptions, filter, entry)
    remove(cursors, filter)
    if ARGV[i + 2] == '1' then
      put(cursors, filter, entry .. '\0\0') -- after no topic
    end
  end
end

local all, version = table.concat(subscriptions.list), (tonumber(s[4]) or 0) + 1
local route = struct.pack('>BHc0I4', 1, #s[2], s[2], version) .. all
redis.call('HSET', KEYS[1], 'sub', all, 'sv', version, 'rp', table.concat(cursors.list))
redis.call('HSET', KEYS[2], ARGV[1], route)
return {'OK', redis.call('XADD', KEYS[3], 'MAXLEN', '~', '200000', '*', 't', 'S', 'c', ARGV[1], 'v', route), refused}
