-- Makes a delivery due again now. Takes id, body. Answers 'due', or 'gone': its record was removed with its job.
--- @include "events/deliveries"
local id = arg.id
local key = delivery_key(id)
local tenant = redis.call('HGET', key, 'tenant')
if not tenant then
  return 'gone'
end
redis.call('HSET', key, 'state', 'pending', 'body', arg.body)
redis.call('PERSIST', key)
redis.call('PERSIST', delivery_attempts_key(id))
redis.call('HINCRBY', key, 'turn', 1)
queue_delivery(tenant, id, whole(now_ms()))
tell_workers()
return 'due'
