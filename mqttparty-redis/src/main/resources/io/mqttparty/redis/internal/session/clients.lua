-- Clients that have a session, in the order of buckets and ids.
-- KEYS: the next buckets
-- ARGV: 1 after which client of the first bucket; nothing for its beginning, 2 how many at most
-- Answer: for each bucket that has some its index among KEYS, from 0, and its clients
local found, left = {}, tonumber(ARGV[2])
local from = ARGV[1] == '' and '-' or '(' .. ARGV[1]
for i = 1, #KEYS do
  local clients = redis.call('ZRANGE', KEYS[i], from, '+', 'BYLEX', 'LIMIT', 0, left)
  if #clients > 0 then
    found[#found + 1] = i - 1
    found[#found + 1] = clients
    left = left - #clients
    if left <= 0 then
      break
    end
  end
  from = '-'
end
return found
