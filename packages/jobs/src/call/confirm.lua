-- Records the cost of a settled call whose answer did not state it. Takes job, call, attempt, cost (nanos), items (that
-- were charged; nil if unknown).
-- Answers 'confirmed' | 'repeated': the cost was known already, or the job is gone
--- @include "tenant/money"
--- @include "call/prices"
local job, call, attempt, cost, items = arg.job, arg.call, arg.attempt, arg.cost, arg.items
redis.call('ZREM', unpriced_key, call_ref(job, call) .. '.' .. attempt)
local at, held = end_blindness(job, call, attempt, nil)
if not at then
  return 'repeated'
end
if items and cost > 0 then
  learn_price(job, items, cost)
end
if cost > held then
  -- It cost more than was reserved for it: one call at a time is sent until an answer confirms the price.
  redis.call('HSET', job_key(job), 'price_ok', '0')
end
spend(job, at, cost)
book(job, at, { spent = cost })
wake_short(job)
changed(job)
return 'confirmed'
