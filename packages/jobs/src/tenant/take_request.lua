-- Counts a request of a tenant in the present minute of Redis' clock. Takes tenant.
-- Answers {} if the tenant has no limit; else per_minute, left (-1: it is one too many) and next_minute_ms.
--- @include "redis/shared"
local per_minute = tonumber(redis.call('HGET', tenant_key(arg.tenant), 'requests_per_minute') or '')
if not per_minute then
  return '{}'
end
local now = now_ms()
local minute = math.floor(now / 60000)
local key = requests_key(arg.tenant, whole(minute))
local used = redis.call('INCR', key)
redis.call('PEXPIRE', key, 120000)
return cjson.encode({ per_minute = per_minute, left = per_minute - used, next_minute_ms = (minute + 1) * 60000 - now })
