-- The cost of a settled call is known, whose answer did not say it. Takes job, call, attempt, cost (nanos), items (that were
-- charged; nil where nobody knows how many).
-- Answers 'confirmed' | 'repeated': its cost was known before, or its job is gone
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
  -- Dearer than it was reserved for: one call shows whether the price is known by now.
  redis.call('HSET', job_key(job), 'price_ok', '0')
end
spend(job, at, cost)
book(job, at, { spent = cost })
wake_short(job)
changed(job)
return 'confirmed'
