-- Takes a call that may not be sent now out of the window, because its job is paused or cancelled.
-- Takes job, call, attempt, dispatch (of the call's message; nil for any). Answers 'ok'.
-- Only a call in the window is shelved: a repeated step would make it ready twice.
--- @include "redis/shared"
local job, call, dispatch = arg.job, arg.call, arg.dispatch
local known = redis.call('HMGET', call_key(job, call), 'state', 'attempt', 'dispatch')
local current = known[1] == 'planned' and number_of(known[2]) + 1 == tonumber(arg.attempt)
if current and (not dispatch or dispatch == known[3]) and redis.call('ZSCORE', window_key, call_ref(job, call)) then
  plan_again(job, call, nil)
end
return 'ok'
