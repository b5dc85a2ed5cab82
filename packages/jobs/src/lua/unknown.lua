-- A call that may have been executed, and whose answer is not at hand: sending -> unknown. Never sent again blindly.
-- ARGV: job, call, attempt, ms after its sending when the upstream's record can be asked
-- Returns {'unknown' | 'stale'}
local job, call, attempt, after = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt', 'sent_at')
if known[1] ~= 'sending' or known[2] ~= attempt then
  return { 'stale' }
end
local held, at = stop_sending(job, call)
add(job, 'unconfirmed', held)
book(job, at, { unconfirmed = held })
add(job, 'unknown', 1)
unplace(call_ref(job, call))
redis.call('HSET', key, 'state', 'unknown')
redis.call('ZADD', root .. ':unknown', whole(tonumber(known[3]) + after), call_ref(job, call))
changed(job)
return { 'unknown' }
