-- Writes the retained message of a pending will, once.
-- KEYS: 1 session, 2 values and 3 index of the topic's bucket
-- ARGV: 1 field of the will, 2 topic, 3 record or nothing
-- Answer: 1 if this call did it, else 0
-- include /io/mqttparty/redis/internal/retained/write
local PENDING, WRITTEN = 0, 1

local will = redis.call('HGET', KEYS[1], ARGV[1])
if not will or will:byte(2) ~= PENDING then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], will:sub(1, 1) .. string.char(WRITTEN) .. will:sub(3))
retain(KEYS[2], KEYS[3], ARGV[2], ARGV[3])
return 1
