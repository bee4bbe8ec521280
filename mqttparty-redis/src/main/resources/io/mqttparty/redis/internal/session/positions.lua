-- Where sessions stand.
-- KEYS: session and queue of each
-- ARGV: the incarnation of each
-- Answer: for each its epoch, highest number and acknowledgements, or nothing
-- include lib_session
local positions = {}
for i = 1, #ARGV do
  local s = redis.call('HMGET', KEYS[2 * i - 1], 'inc', 'e', 'a')
  if s[1] == ARGV[i] then
    positions[i] = {s[2], digits(last_seq(KEYS[2 * i]) or 65535), s[3] or '65535'}
  else
    positions[i] = {}
  end
end
return positions
