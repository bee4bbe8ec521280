-- Removes an entry that waits, if it is there, with all that is known of it: its size, else nothing.
local function take(stream, meta, keys, attempts, position, key, size)
  if redis.call('XDEL', stream, '0-' .. position) == 0 then
    return false
  end
  redis.call('HDEL', keys, key)
  redis.call('HDEL', attempts, position)
  redis.call('HINCRBY', meta, 'b', '-' .. size)
  return true
end
