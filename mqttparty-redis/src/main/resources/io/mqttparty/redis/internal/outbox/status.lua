-- How full a shard is: messages, bytes, the beginning of the oldest record, dead letters, their bytes, dropped ones, holder or nothing.
-- KEYS: stream, meta, dead letters
-- ARGV: how much of the record is wanted

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local meta = redis.call('HMGET', KEYS[2], 'b', 'db', 'dd', 't', 'u')
local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
local holder = meta[4] and now < tonumber(meta[5]) and meta[4]
return {
  redis.call('XLEN', KEYS[1]),
  meta[1] or '0',
  oldest and string.sub(oldest[2][6], 1, tonumber(ARGV[1])) or '',
  redis.call('XLEN', KEYS[3]),
  meta[2] or '0',
  meta[3] or '0',
  holder or '',
}
