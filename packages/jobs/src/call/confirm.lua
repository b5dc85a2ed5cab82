-- What a settled call cost, whose answer did not say it, is known by now.
-- ARGV: job, call, attempt, cost (nanos), the items that were charged, or '' where nobody knows for how many
-- Returns 'confirmed' | 'repeated': its cost is known already, or its job has gone
--- @include "tenant/money"
--- @include "call/prices"
local job, call, attempt, cost, items = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call('ZREM', unpriced_key, call_ref(job, call) .. '.' .. attempt)
local at, held = end_blindness(job, call, attempt, '')
if not at then
  return 'repeated'
end
if items and cost > 0 then
  learn_price(job, items, cost)
end
if cost > held then
  -- Dearer than it was reserved for: one call shows whether the price is known by now.
  redis.call('HSET', job_key(job), 'price_ok', '0')
end
spend(job, at, cost)
book(job, at, { spent = cost })
wake_short(job)
changed(job)
return 'confirmed'
