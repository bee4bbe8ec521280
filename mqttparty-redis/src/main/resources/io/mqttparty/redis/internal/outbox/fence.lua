-- Whether the lease that the caller shows is not the one that holds.
local function stale(meta, holder, epoch)
  local held = redis.call('HMGET', meta, 't', 'e')
  return held[1] ~= holder or held[2] ~= epoch
end
