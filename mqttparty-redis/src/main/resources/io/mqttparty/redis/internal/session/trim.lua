-- Trims a queue that takes too much memory.
-- KEYS: 1 queue
-- ARGV: 1 how many bytes it may take
-- include lib_trim
return trim(KEYS[1], tonumber(ARGV[1]))
