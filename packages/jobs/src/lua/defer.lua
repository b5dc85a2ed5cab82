-- An attempt that was answered, or surely never left, without settling its call: it will be sent again later.
-- ARGV: job, call, attempt, cost (nanos), delay ms, 1 when it counts as a failure
-- Returns {'deferred' | 'stale', 1 when this was the job's last open call}
local job, call, attempt = ARGV[1], ARGV[2], ARGV[3]
local cost, delay, failure = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt')
if known[1] ~= 'sending' or known[2] ~= attempt then
  return { 'stale', 0 }
end
unreserve(job, call)
add(job, 'spent', cost)
redis.call('HINCRBY', key, 'failures', failure)
local last = plan_again(job, call, now_ms() + delay)
changed(job)
return { 'deferred', last }
