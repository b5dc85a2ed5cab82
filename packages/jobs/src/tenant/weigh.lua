-- Gives a tenant another weight, from its next turn on. ARGV: tenant, weight
-- How far that turn lies ahead was reckoned with the weight before: it is so much nearer, or farther off.
--- @include "redis/shared"
local tenant, weight = ARGV[1], tonumber(ARGV[2])
local before = weight_of(tenant)
-- Everybody has it who has no other.
if weight == 1 then
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
