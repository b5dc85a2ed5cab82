-- A call in the window that may not be sent now (its job is paused or cancelled) leaves the window.
-- ARGV: job, call, attempt, the dispatch that its message is of, or ''
-- Only a call in the window is shelved: repeated, it would stand among the ready ones twice.
--- @include "redis/shared"
local job, call, attempt, dispatch = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local known = redis.call('HMGET', call_key(job, call), 'state', 'attempt', 'dispatch')
local current = known[1] == 'planned' and number_of(known[2]) + 1 == tonumber(attempt)
if current and (dispatch == '' or dispatch == known[3]) and redis.call('ZSCORE', window_key, call_ref(job, call)) then
  plan_again(job, call, nil)
end
return 'ok'
