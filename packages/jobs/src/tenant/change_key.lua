-- Gives an API key another secret, or deletes it. Takes tenant, id; for another secret: hash and hint (how it begins).
-- Answers 'done' | 'gone'. From here on the old secret is refused.
--- @include "redis/shared"
local index, id = api_keys_key(arg.tenant), arg.id
local old = redis.call('HGET', index, id)
if not old then
  return 'gone'
end
if not arg.hash then
  redis.call('DEL', api_key_key(old))
  redis.call('HDEL', index, id)
  redis.call('HDEL', api_keys_used_key(arg.tenant), id)
else
  redis.call('RENAME', api_key_key(old), api_key_key(arg.hash))
  redis.call('HSET', api_key_key(arg.hash), 'hint', arg.hint)
  redis.call('HSET', index, id, arg.hash)
end
return 'done'
