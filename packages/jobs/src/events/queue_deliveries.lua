-- Adds pending deliveries that are in no queue to their tenant's queue: an earlier version had no queues. Takes ids.
--- @include "events/deliveries"
for _, id in ipairs(arg.ids) do
  local tenant = redis.call('HGET', delivery_key(id), 'tenant')
  local due_at = redis.call('ZSCORE', pending_deliveries_key, id)
  if not tenant then
    redis.call('ZREM', pending_deliveries_key, id)
  elseif due_at and not redis.call('ZSCORE', delivery_queue_key(tenant), id) then
    queue_delivery(tenant, id, due_at)
  end
end
return 'ok'
