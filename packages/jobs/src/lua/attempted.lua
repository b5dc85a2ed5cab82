-- An attempt of a delivery is over. ARGV: id, the attempt (JSON), most attempts that are kept, the state after it, ms when
--   the next attempt is due or ''
-- Returns 'noted' | 'gone': its record went meanwhile, or goes now, delivered, as its job has gone. One that failed stays for
--   a while without its job, with its body: nothing else says any more what it was to say.
local FAILED_KEPT_MS = 30 * 24 * 3600 * 1000
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
  if known[2] and state == 'delivered' then
    forget_delivery(known[1], id)
    return 'gone'
  end
  if not known[2] then
    redis.call('HDEL', key, 'body')
  end
end
redis.call('RPUSH', key .. ':attempts', attempt)
redis.call('LTRIM', key .. ':attempts', -most, -1)
redis.call('HINCRBY', key, 'turn', 1)
redis.call('HSET', key, 'state', state)
if known[2] and due_at == '' then
  redis.call('PEXPIRE', key, FAILED_KEPT_MS)
  redis.call('PEXPIRE', key .. ':attempts', FAILED_KEPT_MS)
end
return 'noted'
