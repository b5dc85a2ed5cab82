-- Gives an API key another secret, or takes it away. ARGV: tenant, id, the hash of the new secret or '', how that begins
-- Returns 'done' | 'gone'. The old secret counts no more from here on.
--- @include "redis/shared"
local tenant, id, fresh, hint = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local index = root .. ':api-keys:' .. tenant
local old = redis.call('HGET', index, id)
if not old then
  return 'gone'
end
if fresh == '' then
  redis.call('DEL', root .. ':api-key:' .. old)
  redis.call('HDEL', index, id)
  redis.call('HDEL', index .. ':used', id)
else
  redis.call('RENAME', root .. ':api-key:' .. old, root .. ':api-key:' .. fresh)
  redis.call('HSET', root .. ':api-key:' .. fresh, 'hint', hint)
  redis.call('HSET', index, id, fresh)
end
return 'done'
