-- Gives a lease away.
-- KEYS: meta
-- ARGV: holder, epoch
-- include fence

if stale(KEYS[1], ARGV[1], ARGV[2]) then
  return {'STALE'}
end
redis.call('HDEL', KEYS[1], 't', 'u')
return {'OK'}
