-- First step of a retained QoS 2 publish: remembers the packet id and, if that is new, writes the retained message.
-- KEYS: 1 session of the publisher, 2 its exchanges, 3 values and 4 index of the topic's bucket
-- ARGV: 1 token, 2 packet id, 3 exchange, 4 topic, 5 record or nothing
-- Answer: OK or STALE
-- include /io/mqttparty/redis/internal/retained/write
if redis.call('HGET', KEYS[1], 'tok') ~= ARGV[1] then
  return {'STALE'}
end
if redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[3]) == 1 then
  retain(KEYS[3], KEYS[4], ARGV[4], ARGV[5])
end
return {'OK'}
