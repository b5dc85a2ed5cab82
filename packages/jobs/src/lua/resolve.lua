-- What became of an unknown call is known, or was decided: it is sent again.
-- ARGV: job, call, attempt, 'lost' (executed: its cost is spent and wasted) | 'not_executed' | 'blind', cost (nanos)
-- Returns {'resolved' | 'stale', 1 when nothing of the job is open any more}
-- Decided blindly, its money stays unconfirmed for good: it is shown, not hidden.
local job, call, attempt, fate, cost = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt', 'reserved')
if known[1] ~= 'unknown' or known[2] ~= attempt then
  return { 'stale', closable(job) }
end
add(job, 'unknown', -1)
if fate ~= 'blind' then
  add(job, 'unconfirmed', -number_of(known[3]))
end
if fate == 'lost' then
  waste(job, call, attempt, cost)
end
-- An attempt without an answer counts: a call that never gets one must come to rest.
redis.call('HINCRBY', key, 'failures', 1)
plan_again(job, call, nil)
changed(job)
return { 'resolved', closable(job) }
