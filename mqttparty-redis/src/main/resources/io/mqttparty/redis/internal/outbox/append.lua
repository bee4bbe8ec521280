-- Appends an entry to its shard.
-- KEYS: stream, meta, keys
-- ARGV: key, record, size, most messages, most bytes
-- include insert

return insert(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]) or {'OK'}
