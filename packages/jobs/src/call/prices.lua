-- Included by scripts that must know what a call may cost. `prices_key(host)` holds, by endpoint: `call` and `item`
-- (published by the upstream), `high` (items and cost of a call that cost more than its price), `seen` (the same of the
-- last call that was charged), `base` (the call and item price of the last reservation).
--- @include "redis/shared"

local function prices_of(job)
  return prices_key(redis.call('HGET', job_key(job), 'upstream_host') or '')
end

local function pair_of(text)
  local first, second = string.match(text or '', '^(%d+),(%d+)$')
  return tonumber(first), tonumber(second)
end

local function as_pair(first, second)
  return whole(first) .. ',' .. whole(second)
end

-- The higher of the configured and the published prices, and what was charged above them.
local function highest_prices(key, endpoint, set)
  local known = redis.call('HMGET', key, endpoint .. ':call', endpoint .. ':item', endpoint .. ':high')
  local high_items, high_cost = pair_of(known[3])
  return {
    call = math.max(set.call, number_of(known[1])),
    item = math.max(set.item, number_of(known[2])),
    high_items = high_items,
    high_cost = high_cost,
  }
end

-- The most that a call of n items can cost. A call without items is charged as one item. If a call of m items cost c,
-- more than its price, then the fee or the item price has risen, and neither has fallen. So a call of fewer items costs
-- at most c minus the known price of the items that it lacks, and a call of more items at most what it would cost if
-- only the item price had risen.
local function most_cost(prices, items)
  local n = math.max(1, items)
  local m, c = prices.high_items, prices.high_cost
  if not m then
    return prices.call + prices.item * n
  end
  if n <= m then
    return c - prices.item * (m - n)
  end
  return prices.call + math.ceil((c - prices.call) * n / m)
end

-- Learns from the cost of an answer. A cost above the known price raises what is reserved, until an answer of as many
-- items or more costs the known price.
local function learn_price(job, items, cost)
  local key, endpoint = prices_of(job), redis.call('HGET', job_key(job), 'endpoint') or ''
  local call, item = pair_of(redis.call('HGET', key, endpoint .. ':base'))
  if not call then
    return
  end
  local n = math.max(1, items)
  local prices = highest_prices(key, endpoint, { call = call, item = item })
  local is_above_high = prices.high_items and n >= prices.high_items
  redis.call('HSET', key, endpoint .. ':seen', as_pair(n, cost))
  if cost > most_cost(prices, n) or (is_above_high and cost > prices.call + prices.item * n) then
    redis.call('HSET', key, endpoint .. ':high', as_pair(n, cost))
  elseif is_above_high then
    redis.call('HDEL', key, endpoint .. ':high')
  end
end
