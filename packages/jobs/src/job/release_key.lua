-- Frees the idempotency key of a request that failed. Takes tenant, hash, owner. Answers 'ok'.
--- @include "redis/shared"
local key = idempotency_key(arg.tenant, arg.hash)
local held = redis.call('HMGET', key, 'owner', 'job')
if held[1] == arg.owner and not held[2] then
  redis.call('DEL', key)
end
return 'ok'
