-- Puts pending deliveries into their tenant's line that are in none: an earlier version had no lines. Takes ids.
--- @include "events/deliveries"
for _, id in ipairs(arg.ids) do
  local tenant = redis.call('HGET', delivery_key(id), 'tenant')
  local due_at = redis.call('ZSCORE', pending_deliveries_key, id)
  if not tenant then
    redis.call('ZREM', pending_deliveries_key, id)
  elseif due_at and not redis.call('ZSCORE', delivery_line_key(tenant), id) then
    line_up(tenant, id, due_at)
  end
end
return 'ok'
