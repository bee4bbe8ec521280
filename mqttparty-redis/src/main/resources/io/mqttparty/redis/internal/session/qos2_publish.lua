-- One chunk of a QoS 2 publish: remembers how far it is and appends the message to the targets of this chunk, each once.
-- KEYS: 1 session of the publisher, 2 its exchanges, 3... as fanout says
-- ARGV: 1 token, 2 packet id, 3 message id, 4 state when all chunks are done, 5 this chunk, 6 number of chunks, 7... as fanout says
-- Answer: message id and what fanout returns, as text; or a list: DUP, state, message id; CHUNK, chunks done, number of chunks; GONE if it was
--   forgotten between chunks; STALE
-- include fanout
local BEGUN = 1

if redis.call('HGET', KEYS[1], 'tok') ~= ARGV[1] then
  return {'STALE'}
end
local id, chunk, chunks = ARGV[3], tonumber(ARGV[5]), tonumber(ARGV[6])
local done, total = 0, 0
local known = redis.call('HGET', KEYS[2], ARGV[2])
if known then
  local state
  state, done, total = struct.unpack('>BHH', known)
  id = known:sub(6)
  if state ~= BEGUN then
    return {'DUP', state, id}
  end
end
if total == 0 and chunk > 0 then
  return {'GONE'}
end
if total > 0 and (done ~= chunk or total ~= chunks) then
  return {'CHUNK', done, total}
end
local state = chunk + 1 < chunks and BEGUN or tonumber(ARGV[4])
redis.call('HSET', KEYS[2], ARGV[2], struct.pack('>BHH', state, chunk + 1, chunks) .. id)
return id .. fanout(3, 7)
