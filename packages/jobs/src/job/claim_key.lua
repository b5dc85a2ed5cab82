-- Claims an idempotency key for a request, or tells which job has it. Takes tenant, hash (of the key), owner (the id of
-- the request's job), claim_ms. Claiming again renews the claim.
-- Answers kind: 'ours' | 'busy', with wait_ms | 'done', with job, digest, bytes
--- @include "redis/shared"
local key = idempotency_key(arg.tenant, arg.hash)
local held = redis.call('HMGET', key, 'owner', 'job', 'digest', 'bytes')
if held[2] then
  return cjson.encode({ kind = 'done', job = held[2], digest = held[3], bytes = held[4] })
end
if held[1] and held[1] ~= arg.owner then
  return cjson.encode({ kind = 'busy', wait_ms = math.max(1, redis.call('PTTL', key)) })
end
redis.call('HSET', key, 'owner', arg.owner)
redis.call('PEXPIRE', key, arg.claim_ms)
return cjson.encode({ kind = 'ours' })
