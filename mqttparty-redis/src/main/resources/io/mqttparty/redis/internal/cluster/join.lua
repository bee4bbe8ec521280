-- A node becomes a member. A repeated call of the same node answers the same and changes nothing.
-- KEYS lease, nodes, inbox, clients, filters · ARGV node, secret, life of the lease in ms
local secret = redis.call('GET', KEYS[1])
if secret == ARGV[2] then
    return {'OK'}
end
if secret or redis.call('ZSCORE', KEYS[2], ARGV[1]) then
    return {'TAKEN'}
end
redis.call('DEL', KEYS[3], KEYS[4], KEYS[5])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('ZADD', KEYS[2], redis.call('TIME')[1], ARGV[1])
redis.call('XADD', KEYS[3], 'MAXLEN', '=', 0, '0-65535', 'p', '')
return {'OK'}
