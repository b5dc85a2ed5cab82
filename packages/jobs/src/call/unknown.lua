-- A call that may have been executed, and whose answer is not at hand: sending -> unknown. It is never sent again blindly.
-- Takes job, call, attempt, after_ms (after its sending, when the upstream's record surely shows it), by (the worker that says so).
-- Answers 'unknown' | 'stale'
-- Where another worker than its own says so, it is an orphan: its worker has died, which is not the call's failure.
-- The record is asked soon: it shows most calls as soon as they are done.
--- @include "tenant/money"
local job, call, attempt = arg.job, arg.call, arg.attempt
-- The calls of a worker that has died are looked up together; and an answer that could not be stored for a while is tried
-- again within this time, so that it is not taken for lost.
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
