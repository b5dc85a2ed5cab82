-- An idempotency key for one request, for as long as it renews its claim, or what the key stands for already.
-- ARGV: tenant, hash of the key, who asks, ms until the claim ends
-- Returns {'ours', '', '', ''} | {'busy', ms, '', ''} | {'done', job id, digest, bytes}. Asking again renews the claim.
--- @include "redis/shared"
local key, owner, lease = idempotency_key(ARGV[1], ARGV[2]), ARGV[3], ARGV[4]
local held = redis.call('HMGET', key, 'owner', 'job', 'digest', 'bytes')
if held[2] then
  return { 'done', held[2], held[3], held[4] }
end
if held[1] and held[1] ~= owner then
  return { 'busy', whole(math.max(1, redis.call('PTTL', key))), '', '' }
end
redis.call('HSET', key, 'owner', owner)
redis.call('PEXPIRE', key, lease)
return { 'ours', '', '', '' }
