-- An attempt that was answered, or surely never left, without settling its call: it will be sent again later.
-- ARGV: job, call, attempt, cost (nanos), delay ms, what it counts as: 'failure' | 'unsent' | 'nothing', when it was sent ms
-- Returns {'deferred' | 'stale', 1 when nothing of the job is open any more}
-- Known to be unknown, the call is so no longer. A late answer, of an attempt that was given up, adds its cost and
-- nothing else; what was counted is noted, so that repeating adds nothing.
local job, call, attempt = ARGV[1], ARGV[2], ARGV[3]
local cost, delay, counts_as, at = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6], tonumber(ARGV[7])
local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt')
local current = known[2] == attempt

local held
if current and known[1] == 'sending' then
  held = stop_sending(job, call)
elseif current and known[1] == 'unknown' then
  held = end_doubt(job, call)
else
  if cost > 0 and waste(job, call, attempt, { cost = cost, at = at }) then
    changed(job)
  end
  return { 'stale', closable(job) }
end
if counts_as ~= 'unsent' then
  book(job, at, { calls = 1, spent = cost })
end
if cost > 0 then
  spend(job, at, cost)
  redis.call('HSET', job_key(job) .. ':lost', call .. '.' .. attempt, '0')
end
free_money(job, at, held)
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
