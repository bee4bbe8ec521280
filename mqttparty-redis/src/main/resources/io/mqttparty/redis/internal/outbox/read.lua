-- A page of what waits: the entries as the stream has them, and their failed attempts.
-- KEYS: stream, meta, attempts
-- ARGV: holder, epoch, after, most entries, most bytes
-- include fence
-- include page

if stale(KEYS[2], ARGV[1], ARGV[2]) then
  return {'STALE'}
end
local found = page(KEYS[1], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]))
local known = redis.call('HLEN', KEYS[3]) > 0
local attempts = {}
for i, each in ipairs(found) do
  attempts[i] = known and redis.call('HGET', KEYS[3], string.sub(each[1], 3)) or '0'
end
return {'OK', found, attempts}
