-- Pauses a watch, or resumes it. Takes tenant, name, status, next (its next tick, if it resumes). Answers 'done' | 'same' |
-- 'gone'.
--- @include "watch/watch"
local tenant, name = arg.tenant, arg.name
local state = watch_state_key(tenant, name)
local status = redis.call('HGET', state, 'status')
if not status or status == arg.status then
  return status and 'same' or 'gone'
end
redis.call('HSET', state, 'status', arg.status)
if arg.status == 'active' then
  set_next_tick(tenant, name, arg.next)
else
  redis.call('HDEL', state, 'next_at')
  redis.call('ZREM', watch_ticks_key, watch_ref(tenant, name))
  forget_skipped(tenant, name)
end
watch_changed(tenant)
return 'done'
