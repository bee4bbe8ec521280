#!lua flags=allow-oom
-- Deletes a dead letter.
-- KEYS: meta, dead letters
-- ARGV: position

local id = '0-' .. ARGV[1]
local letter = redis.call('XRANGE', KEYS[2], id, id)[1]
if not letter then
  return {'GONE'}
end
redis.call('XDEL', KEYS[2], id)
redis.call('HINCRBY', KEYS[1], 'db', '-' .. letter[2][4])
return {'OK'}
