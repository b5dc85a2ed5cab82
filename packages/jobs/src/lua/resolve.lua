-- What became of an unknown call is known, or was decided: it is sent again.
-- ARGV: job, call, attempt, 'lost' (executed: its cost is spent and wasted) | 'not_executed' | 'blind', cost (nanos)
-- Returns {'resolved' | 'stale', 1 when this was the job's last open call}
-- Decided blindly, its money stays unconfirmed for good: it is shown, not hidden.
local job, call, attempt, fate, cost = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt', 'reserved')
if known[1] ~= 'unknown' or known[2] ~= attempt then
  return { 'stale', 0 }
end
add(job, 'unknown', -1)
if fate ~= 'blind' then
  add(job, 'unconfirmed', -number_of(known[3]))
end
if fate == 'lost' and redis.call('HSETNX', job_key(job) .. ':lost', call .. '.' .. attempt, whole(cost)) == 1 then
  add(job, 'spent', cost)
  add(job, 'wasted', cost)
end
local last = plan_again(job, call, nil)
changed(job)
return { 'resolved', last }
