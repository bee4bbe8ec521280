-- A retained publish.
-- KEYS: values and index of the topic's bucket, and the publisher's session if it has one
-- ARGV: topic, record or nothing, epoch of the publisher's connection
-- include write

if KEYS[3] then
  local epoch = redis.call('HGET', KEYS[3], 'e')
  if epoch and tonumber(epoch) > tonumber(ARGV[3]) then
    return 'STALE'
  end
end
retain(KEYS[1], KEYS[2], ARGV[1], ARGV[2])
return 'OK'
