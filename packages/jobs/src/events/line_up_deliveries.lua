-- Pending deliveries get a place in the line of their tenant that have none: an earlier version had no lines. ARGV: ids
--- @include "events/deliveries"
for _, id in ipairs(ARGV) do
  local tenant = redis.call('HGET', delivery_key(id), 'tenant')
  local due_at = redis.call('ZSCORE', pending_deliveries_key, id)
  if not tenant then
    redis.call('ZREM', pending_deliveries_key, id)
  elseif due_at and not redis.call('ZSCORE', delivery_line_key(tenant), id) then
    line_up(tenant, id, due_at)
  end
end
