-- What is due, for one sweeper at a time.
-- KEYS: 1 the election, 2... sorted sets of due times
-- ARGV: 1 the sweeper, 2 for how many milliseconds it is elected, 3 how many at most
-- Answer: the clients
-- include lib_session
local elected = redis.call('GET', KEYS[1])
if elected and elected ~= ARGV[1] then
  return {}
end
-- The first write is one that Redis allows when its memory is full: sessions that end make room.
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local time = digits(now())
local due, most = {}, tonumber(ARGV[3])
for i = 2, #KEYS do
  if #due < most then
    for _, client in ipairs(redis.call('ZRANGEBYSCORE', KEYS[i], '-inf', time, 'LIMIT', 0, most - #due)) do
      due[#due + 1] = client
    end
  end
end
return due
