-- Puts a dead letter at the end of what waits.
-- KEYS: stream, meta, keys, dead letters
-- ARGV: position, most messages, most bytes
-- include insert

local id = '0-' .. ARGV[1]
local letter = redis.call('XRANGE', KEYS[4], id, id)[1]
if not letter then
  return {'GONE'}
end
local key, size, record = letter[2][2], letter[2][4], letter[2][6]
local full = insert(KEYS[1], KEYS[2], KEYS[3], key, record, size, ARGV[2], ARGV[3])
if full then
  return full
end
redis.call('XDEL', KEYS[4], id)
redis.call('HINCRBY', KEYS[2], 'db', '-' .. size)
return {'OK'}
