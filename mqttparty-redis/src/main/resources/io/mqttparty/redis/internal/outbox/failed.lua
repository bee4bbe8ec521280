#!lua flags=allow-oom
-- Notes the failed attempts of an entry that still waits; never fewer than before.
-- KEYS: meta, keys, attempts
-- ARGV: holder, epoch, position, key, attempts
-- include fence

if stale(KEYS[1], ARGV[1], ARGV[2]) then
  return {'STALE'}
end
if redis.call('HGET', KEYS[2], ARGV[4]) == ARGV[3] then
  local known = tonumber(redis.call('HGET', KEYS[3], ARGV[3]) or '0')
  if tonumber(ARGV[5]) > known then
    redis.call('HSET', KEYS[3], ARGV[3], ARGV[5])
  end
end
return {'OK'}
