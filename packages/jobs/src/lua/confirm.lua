-- What a settled call cost, whose answer did not say it, is known by now.
-- ARGV: job, call, attempt, cost (nanos)
-- Returns 'confirmed' | 'repeated': its cost is known already, or its job has gone
local job, call, attempt, cost = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
redis.call('ZREM', root .. ':unpriced', call_ref(job, call) .. '.' .. attempt)
local at = end_blindness(job, call, attempt, '')
if not at then
  return 'repeated'
end
spend(job, at, cost)
book(job, at, { spent = cost })
wake_short(job)
changed(job)
return 'confirmed'
