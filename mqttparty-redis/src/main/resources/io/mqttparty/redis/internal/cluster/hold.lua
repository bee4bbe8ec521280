-- Takes the task of clearing up after a node, or keeps it.
-- KEYS reaper · ARGV who, for how long in ms
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
    return {'NO'}
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {'OK'}
