-- Takes back a grant that was not used: nothing was sent. Takes job, call, attempt besides permit.lua's arguments.
-- Answers result: 'given_back' | 'stale', and last
--- @include "tenant/money"
--- @include "permit/permit"
local job, call, attempt = arg.job, arg.call, arg.attempt
local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt', 'worker')
if known[1] ~= 'sending' or known[2] ~= attempt or known[3] ~= worker then
  return step_answer('stale', job)
end
local held, at = stop_sending(job, call)
free_money(job, at, held)
add(job, 'attempts', -1)
redis.call('HSET', key, 'attempt', whole(tonumber(attempt) - 1))
end_lease(call_ref(job, call) .. '.' .. attempt)
plan_again(job, call, nil)
return step_answer('given_back', job)
