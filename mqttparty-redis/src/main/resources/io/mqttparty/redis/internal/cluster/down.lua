-- A node is no member any more: it says so itself with its secret, or its lease has run out. From here on nobody can attach to it.
-- KEYS lease, nodes, route log, inbox, filters, reaper · ARGV node, secret or nothing, length of the log
local secret = redis.call('GET', KEYS[1])
if secret and secret ~= ARGV[2] then
    return {'NO'}
end
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then
    redis.call('DEL', KEYS[6])
    return {'GONE'}
end
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[3], '*', 't', 'D', 'n', ARGV[1])
redis.call('DEL', KEYS[1], KEYS[4], KEYS[5])
return {'OK'}
