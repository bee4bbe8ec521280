-- The retained message of a topic: a record replaces it, an empty one removes it. The index has a topic exactly when the values have it.
local function retain(values, index, topic, record)
  if record == '' then
    if redis.call('HDEL', values, topic) == 1 then
      redis.call('ZREM', index, topic)
    end
  elseif redis.call('HSET', values, topic, record) == 1 then
    redis.call('ZADD', index, 0, topic)
  end
end
