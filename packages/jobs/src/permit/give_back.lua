-- Takes a grant back that was not used: nothing left this machine. ARGV 7: job, call, attempt
-- Returns {'given_back' | 'stale', 1 when nothing of the job is open any more}
--- @include "tenant/money"
--- @include "permit/permit"
local job, call, attempt = ARGV[7], ARGV[8], ARGV[9]
local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt', 'worker')
if known[1] ~= 'sending' or known[2] ~= attempt or known[3] ~= worker then
  return { 'stale', closable(job) }
end
local held, at = stop_sending(job, call)
free_money(job, at, held)
add(job, 'attempts', -1)
redis.call('HSET', key, 'attempt', whole(tonumber(attempt) - 1))
end_lease(call_ref(job, call) .. '.' .. attempt)
plan_again(job, call, nil)
changed(job)
return { 'given_back', closable(job) }
