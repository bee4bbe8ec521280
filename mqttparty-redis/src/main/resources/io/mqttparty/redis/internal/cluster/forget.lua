-- The last step of clearing up after a node that is down.
-- KEYS lease, nodes, applied positions, inbox, clients, filters, reaper · ARGV node
if redis.call('EXISTS', KEYS[1]) == 1 then
    return {'NO'}
end
if redis.call('EXISTS', KEYS[5]) == 1 then
    return {'MORE'}
end
redis.call('DEL', KEYS[4], KEYS[6], KEYS[7])
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return {'OK'}
