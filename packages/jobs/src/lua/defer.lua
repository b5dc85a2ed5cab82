-- An attempt that was answered, or surely never left, without settling its call: it will be sent again later.
-- ARGV: job, call, attempt, cost (nanos), delay ms, what it counts as: 'failure' | 'unsent' | 'nothing'
-- Returns {'deferred' | 'stale', 1 when nothing of the job is open any more}
-- Known to be unknown, the call is so no longer. A late answer, of an attempt that was given up, adds its cost and
-- nothing else; what was counted is noted, so that repeating adds nothing.
local job, call, attempt = ARGV[1], ARGV[2], ARGV[3]
local cost, delay, counts_as = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt', 'reserved')
local current = known[2] == attempt

if current and known[1] == 'sending' then
  unreserve(job, call)
elseif current and known[1] == 'unknown' then
  add(job, 'unknown', -1)
  add(job, 'unconfirmed', -number_of(known[3]))
else
  if cost > 0 and waste(job, call, attempt, cost) then
    changed(job)
  end
  return { 'stale', closable(job) }
end
if cost > 0 then
  add(job, 'spent', cost)
  redis.call('HSET', job_key(job) .. ':lost', call .. '.' .. attempt, '0')
end
if counts_as == 'failure' then
  redis.call('HINCRBY', key, 'failures', 1)
end
if counts_as == 'unsent' then
  redis.call('HINCRBY', key, 'unsent', 1)
else
  redis.call('HDEL', key, 'unsent')
end
plan_again(job, call, now_ms() + delay)
changed(job)
return { 'deferred', closable(job) }
