-- Gives a tenant another weight, from its next turn on. Takes tenant, weight.
-- The distance to that turn was computed with the old weight: it is changed in proportion.
--- @include "redis/shared"
local tenant, weight = arg.tenant, arg.weight
local before = weight_of(tenant)
if weight == USUAL_WEIGHT then
  redis.call('HDEL', tenant_key(tenant), 'weight')
else
  redis.call('HSET', tenant_key(tenant), 'weight', whole(weight))
end
local at = tonumber(redis.call('ZSCORE', turns_key, tenant) or '')
if at then
  local now = first_turn()
  redis.call('ZADD', turns_key, 'XX', whole(now + math.ceil((at - now) * before / weight)), tenant)
end
return 'ok'
