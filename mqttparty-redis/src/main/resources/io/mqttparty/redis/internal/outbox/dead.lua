#!lua flags=allow-oom
-- Moves an entry to the dead letters, and drops the oldest of these while there are too many. The newest stays.
-- KEYS: stream, meta, keys, attempts, dead letters
-- ARGV: holder, epoch, position, key, attempts, reason, most dead letters, most bytes
-- include fence
-- include take

local function drop_oldest(dead, meta, most, bytes)
  local count = redis.call('XLEN', dead)
  local used = tonumber(redis.call('HGET', meta, 'db'))
  while count > 1 and (count > most or used > bytes) do
    local oldest = redis.call('XRANGE', dead, '-', '+', 'COUNT', 1)[1]
    redis.call('XDEL', dead, oldest[1])
    used = redis.call('HINCRBY', meta, 'db', '-' .. oldest[2][4])
    redis.call('HINCRBY', meta, 'dd', 1)
    count = count - 1
  end
end

if stale(KEYS[2], ARGV[1], ARGV[2]) then
  return {'STALE'}
end
local id = '0-' .. ARGV[3]
local entry = redis.call('XRANGE', KEYS[1], id, id)[1]
if entry then
  local key, size, record = entry[2][2], entry[2][4], entry[2][6]
  local time = redis.call('TIME')
  local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
  redis.call('XADD', KEYS[5], '0-*', 'k', key, 's', size, 'p', record, 'a', ARGV[5], 'r', ARGV[6], 't', now)
  redis.call('HINCRBY', KEYS[2], 'db', size)
  take(KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[3], key, size)
  drop_oldest(KEYS[5], KEYS[2], tonumber(ARGV[7]), tonumber(ARGV[8]))
end
return {'OK'}
