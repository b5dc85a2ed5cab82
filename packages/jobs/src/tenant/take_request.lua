-- Counts a request of a tenant in the minute that now is, on Redis' clock. ARGV: tenant
-- Returns {most in a minute, left after it (negative: it is one too many), ms until the next minute}, or {0, 0, 0} where
--   the tenant has no limit
--- @include "redis/shared"
local tenant = ARGV[1]
local most = tonumber(redis.call('HGET', tenant_key(tenant), 'requests_per_minute') or '')
if not most then
  return { 0, 0, 0 }
end
local now = now_ms()
local minute = math.floor(now / 60000)
local key = requests_key(tenant, whole(minute))
local used = redis.call('INCR', key)
redis.call('PEXPIRE', key, 120000)
return { most, most - used, (minute + 1) * 60000 - now }
