-- Trims the oldest records of a queue that takes too much memory, in proportion; the newest stays.
-- KEYS: 1 queue
-- ARGV: 1 how many bytes it may take
local used, limit = redis.call('MEMORY', 'USAGE', KEYS[1]), tonumber(ARGV[1])
if used and used > limit then
  local keep = math.max(1, math.floor(redis.call('XLEN', KEYS[1]) * limit / used))
  return redis.call('XTRIM', KEYS[1], 'MAXLEN', '=', keep)
end
return 0
