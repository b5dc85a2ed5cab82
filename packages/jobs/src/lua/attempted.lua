-- An attempt of a delivery is over. ARGV: id, the attempt (JSON), most attempts that are kept, the state after it, ms when
--   the next attempt is due or ''
-- Returns 'noted' | 'gone': its record went meanwhile, or goes now, as its job has gone.
local id, attempt, most, state, due_at = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local key, pending = root .. ':delivery:' .. id, root .. ':deliveries:pending'
local known = redis.call('HMGET', key, 'tenant', 'job_gone')
if not known[1] then
  redis.call('ZREM', pending, id)
  return 'gone'
end
if due_at ~= '' then
  redis.call('ZADD', pending, due_at, id)
else
  redis.call('ZREM', pending, id)
  if known[2] then
    forget_delivery(known[1], id)
    return 'gone'
  end
  redis.call('HDEL', key, 'body')
end
redis.call('RPUSH', key .. ':attempts', attempt)
redis.call('LTRIM', key .. ':attempts', -most, -1)
redis.call('HINCRBY', key, 'turn', 1)
redis.call('HSET', key, 'state', state)
return 'noted'
