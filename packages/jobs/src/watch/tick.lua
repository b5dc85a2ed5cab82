-- Takes a tick that is due: opens a run, or skips it while another one is not finished. Takes tenant, name, tick, next
-- (the first tick that is still to come), target (JSON: where its events go).
-- Answers 'opened' | 'skipped' | 'moved' (another worker was faster, or the watch was changed).
--- @include "watch/watch"
local SKIPPED_TO_BE_BEHIND = 2
local tenant, name = arg.tenant, arg.name
local known = redis.call('HMGET', watch_state_key(tenant, name), 'next_at', 'status')
if known[2] ~= 'active' or tonumber(known[1] or '') ~= arg.tick then
  return 'moved'
end
set_next_tick(tenant, name, arg.next)
local other = unfinished_run(tenant, name)
if not other then
  open_run(tenant, name, arg.tick, 'schedule')
  return 'opened'
end
if redis.call('HINCRBY', watch_state_key(tenant, name), 'skipped', 1) >= SKIPPED_TO_BE_BEHIND then
  redis.call('SADD', watches_behind_key, watch_ref(tenant, name))
end
local run = { at = arg.tick, by = 'schedule', skipped = 'unfinished', beside = other }
keep_run(tenant, name, cjson.encode(run))
emit_of_watch(tenant, name, { type = 'watch.skipped', data = cjson.encode({ run = run }), target = arg.target })
watch_changed(tenant)
return 'skipped'
