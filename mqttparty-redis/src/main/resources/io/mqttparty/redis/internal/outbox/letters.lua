-- A page of dead letters as the stream has them.
-- KEYS: dead letters
-- ARGV: after, most letters, most bytes
-- include page

return page(KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]))
