-- Removes a watch, and cancels the job of its open run in the same step. Takes tenant, name, by. Answers result: 'done' |
-- 'gone'; last: the id of that job, if nothing of it is open any more.
--- @include "watch/watch"
--- @include "job/ending"
local tenant, name = arg.tenant, arg.name
local state = watch_state_key(tenant, name)
local known = redis.call('HMGET', state, 'list', 'job')
if redis.call('EXISTS', state) == 0 then
  return cjson.encode({ result = 'gone' })
end
local ref = watch_ref(tenant, name)
redis.call('DEL', state, watch_runs_key(tenant, name))
redis.call('ZREM', watches_key(tenant), name)
redis.call('ZREM', watch_ticks_key, ref)
redis.call('SREM', watches_open_key, ref)
redis.call('SREM', watches_behind_key, ref)
redis.call('ZREM', watches_short_key, ref)
if known[1] then
  redis.call('ZADD', removed_key, whole(now_ms()), known[1])
end
watch_changed(tenant)

local job = known[2] and tenant .. '/' .. known[2]
local status = job and redis.call('HGET', job_key(job), 'status')
local GOES_ON = { queued = true, planning = true, running = true, paused = true }
if not GOES_ON[status or ''] then
  return cjson.encode({ result = 'done' })
end
end_job(job, { from = status, to = 'cancelled', action = 'cancel', by = arg.by, reason = '' })
return cjson.encode({ result = 'done', job = known[2], last = closable(job) })
