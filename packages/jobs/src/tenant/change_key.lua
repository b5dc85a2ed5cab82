-- Gives an API key another secret, or takes it away. ARGV: tenant, id, the hash of the new secret or '', how that begins
-- Returns 'done' | 'gone'. The old secret counts no more from here on.
--- @include "redis/shared"
local tenant, id, fresh, hint = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local index = api_keys_key(tenant)
local old = redis.call('HGET', index, id)
if not old then
  return 'gone'
end
if fresh == '' then
  redis.call('DEL', api_key_key(old))
  redis.call('HDEL', index, id)
  redis.call('HDEL', api_keys_used_key(tenant), id)
else
  redis.call('RENAME', api_key_key(old), api_key_key(fresh))
  redis.call('HSET', api_key_key(fresh), 'hint', hint)
  redis.call('HSET', index, id, fresh)
end
return 'done'
