-- A delivery is to be sent again now. ARGV: id, its body
-- Returns the turn of that attempt, or 'gone': its record went meanwhile, with its job.
local id, body = ARGV[1], ARGV[2]
local key = root .. ':delivery:' .. id
if redis.call('HEXISTS', key, 'tenant') == 0 then
  return 'gone'
end
redis.call('HSET', key, 'state', 'pending', 'body', body)
redis.call('PERSIST', key)
redis.call('PERSIST', key .. ':attempts')
redis.call('ZADD', root .. ':deliveries:pending', whole(now_ms()), id)
return redis.call('HINCRBY', key, 'turn', 1)
