-- Gives the records of a session numbers above any that its client knows, because the store has lost the last ones.
-- KEYS: 1 session, 2 queue of the guessed incarnation
-- ARGV: 1 token, 2 highest number that was sent, 3 guessed incarnation
-- include lib_session
local s = redis.call('HMGET', KEYS[1], 'tok', 'inc', 'n', 'x')
if s[1] ~= ARGV[1] then
  return {'STALE'}
end
if s[2] ~= ARGV[3] then
  return {'RETRY', s[2], s[3]}
end
local sent = tonumber(ARGV[2])
local last = last_seq(KEYS[2])
if not last or last >= sent then
  return {'OK'}
end
local base = sent + 65535
local records = redis.call('XRANGE', KEYS[2], '-', '+')
if #records == 0 then
  redis.call('XADD', KEYS[2], 'MAXLEN', '=', '0', '0-' .. digits(base), 'p', '')
end
for i, record in ipairs(records) do
  redis.call('XADD', KEYS[2], '0-' .. digits(base + i), unpack(record[2]))
end
for _, record in ipairs(records) do
  redis.call('XDEL', KEYS[2], record[1])
end
redis.call('HSET', KEYS[1], 'a', digits(base))
return {'OK'}
