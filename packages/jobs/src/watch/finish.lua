-- Closes the open run of a watch, once. Takes tenant, name, tick, job (nil: it made none), run (JSON), good (whether the
-- next run is compared with it), events (each of them type, data and target, JSON). Answers 'done' | 'moved'.
--- @include "watch/watch"
local tenant, name = arg.tenant, arg.name
local state = watch_state_key(tenant, name)
local known = redis.call('HMGET', state, 'tick', 'job')
if tonumber(known[1] or '') ~= arg.tick or (known[2] or nil) ~= arg.job then
  return 'moved'
end
close_run(tenant, name)
keep_run(tenant, name, arg.run)
if arg.good then
  redis.call('HSET', state, 'good', arg.job)
end
for _, event in ipairs(arg.events) do
  emit_of_watch(tenant, name, event)
end
return 'done'
