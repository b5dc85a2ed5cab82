-- The request came to nothing: its key is free again. ARGV: tenant, hash of the key, who held it
--- @include "redis/shared"
local key = idempotency_key(ARGV[1], ARGV[2])
local held = redis.call('HMGET', key, 'owner', 'job')
if held[1] == ARGV[3] and not held[2] then
  redis.call('DEL', key)
end
return 'ok'
