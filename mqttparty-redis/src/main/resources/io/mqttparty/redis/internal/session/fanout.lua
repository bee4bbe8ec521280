-- Appends a message to inboxes and queues. The caller has written something before: so Redis either refuses all of it because its memory is full, or
-- nothing. Should a key be no stream, the others get the message all the same.
-- KEYS from key on: the inboxes, then queue and session of each leg
-- ARGV from arg on: most records of a queue, the message, the bus record that most inboxes get, the number of inboxes, a digit for each leg (the QoS
--   granted), then for each inbox its node and a bus record of its own, if it gets another one
-- Returns text, which costs a sixth less than lists would: 1 or 0 for each inbox (0: no such node), then number, node, epoch and progress of each
-- leg, each with a NUL behind it; number -1: there is no queue.
local function fanout(key, arg)
  local most, record, common, inboxes, grants = ARGV[arg], ARGV[arg + 1], ARGV[arg + 2], tonumber(ARGV[arg + 3]), ARGV[arg + 4]
  arg = arg + 5
  local answer = {}
  for i = 1, inboxes do
    local packed = ARGV[arg + 1]
    if packed == '' then
      packed = common
    end
    local id = redis.pcall('XADD', KEYS[key], 'NOMKSTREAM', '0-*', 'f', ARGV[arg], 'p', packed)
    answer[i] = type(id) == 'string' and '1' or '0'
    key = key + 1
    arg = arg + 2
  end

  local flags = record:byte(2)
  local qos = flags % 4
  local variants = {[qos] = record}
  for i = 1, #grants do
    local effective = math.min(grants:byte(i) - 48, qos)
    local variant = variants[effective]
    if not variant then
      variant = record:sub(1, 1) .. string.char(flags - qos + effective) .. record:sub(3)
      variants[effective] = variant
    end
    local id = redis.pcall('XADD', KEYS[key], 'NOMKSTREAM', 'MAXLEN', '~', most, '0-*', 'p', variant)
    if type(id) == 'string' then
      local session = redis.call('HMGET', KEYS[key + 1], 'n', 'e', 'a')
      answer[#answer + 1] = id:sub(3) .. '\0' .. (session[1] or '') .. '\0' .. (session[2] or '') .. '\0' .. (session[3] or '65535') .. '\0'
    else
      answer[#answer + 1] = '-1\0\0\0\0'
    end
    key = key + 2
  end
  return table.concat(answer)
end
