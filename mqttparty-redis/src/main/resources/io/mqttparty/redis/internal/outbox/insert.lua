-- Appends an entry unless it waits already, or there is no room: then it returns how full the shard is. In one call all or nothing happens, out of memory
-- too: the first command refuses.
local function insert(stream, meta, keys, key, record, size, messages, bytes)
  if redis.call('HEXISTS', keys, key) == 1 then
    return nil
  end
  local waiting = redis.call('XLEN', stream)
  local used = tonumber(redis.call('HGET', meta, 'b') or '0')
  if waiting >= tonumber(messages) or used + tonumber(size) > tonumber(bytes) then
    return {'FULL', waiting, used}
  end
  local id = redis.call('XADD', stream, '0-*', 'k', key, 's', size, 'p', record)
  redis.call('HSET', keys, key, string.sub(id, 3))
  redis.call('HINCRBY', meta, 'b', size)
  return nil
end
