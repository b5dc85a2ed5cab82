-- Marks a call as unknown: it may have been executed, but its answer has not come. It is never sent again blindly.
-- Takes job, call, attempt, after_ms (how long after its send the upstream's record certainly shows it), by (the worker
-- that reports it).
-- Answers 'unknown' | 'stale'
-- If another worker than the one that sent it reports it, the call is an orphan: its worker has died, which does not
-- count as a failure of the call.
-- The first look-up is soon, because the record shows most calls as soon as they are done.
--- @include "tenant/money"
local job, call, attempt = arg.job, arg.call, arg.attempt
-- Long enough that all calls of a dead worker are looked up together, and that a worker has tried again to store an
-- answer that storage did not accept.
local FIRST_LOOK_UP_MS = 5000
local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt', 'sent_at', 'worker')
if known[1] ~= 'sending' or known[2] ~= attempt then
  return 'stale'
end
local held, at = stop_sending(job, call)
add(job, 'unconfirmed', held)
book(job, at, { unconfirmed = held })
add(job, 'unknown', 1)
unplace(call_ref(job, call))
redis.call('HSET', key, 'state', 'unknown', 'orphan', known[4] == arg.by and '0' or '1')
local due = math.min(now_ms() + FIRST_LOOK_UP_MS, tonumber(known[3]) + arg.after_ms)
redis.call('ZADD', unknown_key, whole(due), call_ref(job, call))
changed(job)
return 'unknown'
