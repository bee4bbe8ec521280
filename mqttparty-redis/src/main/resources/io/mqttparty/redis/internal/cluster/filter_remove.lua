-- A node has no transient session with a filter any more. Answers the position of the change, or of the last one if nothing changed.
-- KEYS filters of the node, route log · ARGV node, filter, length of the log
if redis.call('HDEL', KEYS[1], ARGV[2]) == 0 then
    local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
    return {'OK', last and last[1] or '0-0'}
end
return {'OK', redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 't', 'U', 'n', ARGV[1], 'f', ARGV[2])}
