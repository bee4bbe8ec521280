-- A node has transient sessions with a filter. Answers the position of the change, or of the last one if nothing changed.
-- KEYS lease, filters of the node, route log · ARGV node, filter, qos, length of the log
if redis.call('EXISTS', KEYS[1]) == 0 then
    return {'FENCED'}
end
if redis.call('HGET', KEYS[2], ARGV[2]) == ARGV[3] then
    local last = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)[1]
    return {'OK', last and last[1] or '0-0'}
end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
return {'OK', redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[4], '*',
    't', 'T', 'n', ARGV[1], 'f', ARGV[2], 'q', ARGV[3])}
