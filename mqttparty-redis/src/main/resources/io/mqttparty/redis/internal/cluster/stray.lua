-- Deletes an applied position that came after its node had been cleared up.
-- KEYS lease, nodes, applied positions · ARGV node
if redis.call('EXISTS', KEYS[1]) == 1 or redis.call('ZSCORE', KEYS[2], ARGV[1]) then
    return {'NO'}
end
redis.call('HDEL', KEYS[3], ARGV[1])
return {'OK'}
