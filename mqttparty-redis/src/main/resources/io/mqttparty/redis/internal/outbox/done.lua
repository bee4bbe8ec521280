#!lua flags=allow-oom
-- Removes entries that have been delivered.
-- KEYS: stream, meta, keys, attempts
-- ARGV: holder, epoch, then position, key and size of each
-- include fence
-- include take

if stale(KEYS[2], ARGV[1], ARGV[2]) then
  return {'STALE'}
end
for i = 3, #ARGV, 3 do
  take(KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[i], ARGV[i + 1], ARGV[i + 2])
end
return {'OK'}
