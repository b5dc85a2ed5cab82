-- A delivery is to be sent again now. ARGV: id, its body
-- Returns 'due', or 'gone': its record went meanwhile, with its job.
--- @include "events/deliveries"
local id, body = ARGV[1], ARGV[2]
local key = delivery_key(id)
local tenant = redis.call('HGET', key, 'tenant')
if not tenant then
  return 'gone'
end
redis.call('HSET', key, 'state', 'pending', 'body', body)
redis.call('PERSIST', key)
redis.call('PERSIST', delivery_attempts_key(id))
redis.call('HINCRBY', key, 'turn', 1)
line_up(tenant, id, whole(now_ms()))
tell_workers()
return 'due'
