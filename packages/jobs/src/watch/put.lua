-- Makes a watch, or changes it. Takes tenant, name, doc (JSON), endpoint, tag, version (that the caller has read; 0: there
-- was none), next (its next tick), budget (`<nanos>,<period>`, nil: none), list (`<tenant>/<id>` of a list that was
-- uploaded; nil: the watch keeps its own), most (watches of a tenant), installation (nil: any).
-- Answers 'done' | 'changed' (another request was faster) | 'full' | 'given_up' (the upload was silent for so long that
-- its rows may be gone) | 'lost' (Redis does not know the installation any more)
--- @include "watch/watch"
local tenant, name = arg.tenant, arg.name
local state = watch_state_key(tenant, name)
local known = redis.call('HMGET', state, 'version', 'list', 'status')

if arg.installation and redis.call('HGET', installation_key, 'id') ~= arg.installation then
  return 'lost'
end
if number_of(known[1]) ~= arg.version then
  return 'changed'
end
if not known[1] and redis.call('ZCARD', watches_key(tenant)) >= arg.most then
  return 'full'
end
if arg.list then
  if not redis.call('ZSCORE', uploads_key, arg.list) then
    return 'given_up'
  end
  redis.call('ZREM', uploads_key, arg.list)
  if known[2] then
    redis.call('ZADD', removed_key, whole(now_ms()), known[2])
  end
  redis.call('HSET', state, 'list', arg.list)
end
redis.call('HSET', state, 'doc', arg.doc, 'version', whole(arg.version + 1), 'endpoint', arg.endpoint, 'tag', arg.tag)
redis.call('HSETNX', state, 'status', 'active')
redis.call('ZADD', watches_key(tenant), 0, name)
if arg.budget then
  redis.call('HSET', watch_budgets_key(tenant), name, arg.budget)
else
  redis.call('HDEL', watch_budgets_key(tenant), name)
end
redis.call('ZREM', watches_short_key, watch_ref(tenant, name))
redis.call('SADD', tenants_key, tenant)
if known[3] ~= 'paused' then
  set_next_tick(tenant, name, arg.next)
end
watch_changed(tenant)
return 'done'
