-- One chunk of the publication of a pending will; with the last one it is no longer pending.
-- KEYS: 1 session, 2 due times of wills, 3... as fanout says
-- ARGV: 1 client, 2 field of the will, 3 this chunk, 4 number of chunks, 5... as fanout says
-- Answer: what fanout returns, as text; or a list: CHUNK, chunks done, number of chunks; NONE
-- include lib_session
-- include fanout
local chunk, chunks = tonumber(ARGV[3]), tonumber(ARGV[4])
local will = redis.call('HGET', KEYS[1], ARGV[2])
if not will then
  return {'NONE'}
end
local done, total = struct.unpack('>HH', will, 3)
if done ~= chunk or (total > 0 and total ~= chunks) then
  return {'CHUNK', done, total}
end
redis.call('HSET', KEYS[1], ARGV[2], will:sub(1, 2) .. struct.pack('>HH', chunk + 1, chunks) .. will:sub(7))
local answer = fanout(3, 5)
if chunk + 1 < chunks then
  return answer
end

redis.call('HDEL', KEYS[1], ARGV[2])
local s, wills = load(KEYS[1])
if #wills == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
  if not s.inc then
    redis.call('DEL', KEYS[1])
  elseif not s.n then -- its life waited for the will
    redis.call('PEXPIREAT', KEYS[1], digits(tonumber(s.at) + tonumber(s.x) * 1000 + 3600000))
  end
end
return answer
