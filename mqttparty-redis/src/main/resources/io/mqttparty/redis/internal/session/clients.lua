-- Clients that have a session, in the order of buckets and ids.
-- KEYS: the buckets that are left
-- ARGV: 1 after which client of the first bucket; nothing for its beginning, 2 how many at most
-- Answer: for each bucket that was looked at its clients
local found, left = {}, tonumber(ARGV[2])
local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
for i = 1, #KEYS do
  found[i] = redis.call('ZRANGE', KEYS[i], from, '+', 'BYLEX', 'LIMIT', 0, left)
  left = left - #found[i]
  if left <= 0 then
    break
  end
  from = '-'
end
return found
