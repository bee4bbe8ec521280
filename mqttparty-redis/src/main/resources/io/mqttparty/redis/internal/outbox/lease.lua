#!lua flags=allow-oom
-- Takes a lease that is free or over, or prolongs one's own. The epoch grows even when Redis lost the last one.
-- KEYS: meta
-- ARGV: holder, milliseconds

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 't', 'e', 'u')
local epoch = held[2]
if held[1] ~= ARGV[1] then
  if held[1] and now < tonumber(held[3]) then
    return {'HELD'}
  end
  epoch = string.format('%.0f', math.max(tonumber(held[2] or '0') + 1, now))
  redis.call('HSET', KEYS[1], 't', ARGV[1], 'e', epoch)
end
redis.call('HSET', KEYS[1], 'u', string.format('%.0f', now + tonumber(ARGV[2])))
return {'OK', epoch}
