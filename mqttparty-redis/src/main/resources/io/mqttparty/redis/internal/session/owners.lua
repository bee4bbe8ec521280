-- Who owns sessions.
-- KEYS: the sessions
-- ARGV: the incarnation that is meant of each
-- Answer: node and epoch of each, nothing if that incarnation is gone
local owners = {}
for i = 1, #KEYS do
  local session = redis.call('HMGET', KEYS[i], 'n', 'e', 'inc')
  local same = session[3] == ARGV[i]
  owners[2 * i - 1] = same and session[1]
  owners[2 * i] = same and session[2]
end
return owners
