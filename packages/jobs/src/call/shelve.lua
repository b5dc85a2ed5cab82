-- A call in the window that may not be sent now (its job is paused or cancelled) leaves the window.
-- Takes job, call, attempt, dispatch (which its message is of; nil: any). Answers 'ok'.
-- Only a call in the window is shelved: it would be ready twice if this were repeated.
--- @include "redis/shared"
local job, call, dispatch = arg.job, arg.call, arg.dispatch
local known = redis.call('HMGET', call_key(job, call), 'state', 'attempt', 'dispatch')
local current = known[1] == 'planned' and number_of(known[2]) + 1 == tonumber(arg.attempt)
if current and (not dispatch or dispatch == known[3]) and redis.call('ZSCORE', window_key, call_ref(job, call)) then
  plan_again(job, call, nil)
end
return 'ok'
