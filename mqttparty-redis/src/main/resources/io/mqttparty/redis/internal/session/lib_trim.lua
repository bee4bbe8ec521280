-- Trims the oldest records of a queue that takes more than so many bytes, in proportion; the newest stays. Returns how many.
local function trim(queue, limit)
  local used = redis.call('MEMORY', 'USAGE', queue)
  if used and used > limit then
    local keep = math.max(1, math.floor(redis.call('XLEN', queue) * limit / used))
    return redis.call('XTRIM', queue, 'MAXLEN', '=', keep)
  end
  return 0
end
