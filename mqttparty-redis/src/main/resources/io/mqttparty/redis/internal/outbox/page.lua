-- The entries of a stream behind a position: at most so many, and none more once there are so many bytes.
local function page(stream, after, max, bytes)
  local found = {}
  local from = '(0-' .. after
  local size = 0
  while #found < max and size < bytes do
    local some = redis.call('XRANGE', stream, from, '+', 'COUNT', math.min(8, max - #found))
    if #some == 0 then
      return found
    end
    for _, each in ipairs(some) do
      if size < bytes then
        found[#found + 1] = each
        size = size + tonumber(each[2][4])
        from = '(' .. each[1]
      end
    end
  end
  return found
end
