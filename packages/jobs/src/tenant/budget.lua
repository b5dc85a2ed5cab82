-- Included by scripts that ask whether there is money for a call. A budget is hard: what is spent, unconfirmed and
-- reserved never exceeds it, however many calls are granted at the same time.
--- @include "call/prices"
local NO_LIMIT = 2 ^ 53

-- The money that counts against the job's budget.
local function held_of_job(job)
  local held = redis.call('HMGET', job_key(job), 'spent', 'reserved', 'unconfirmed')
  return number_of(held[1]) + number_of(held[2]) + number_of(held[3])
end

local function left_of_job(job)
  local budget = tonumber(redis.call('HGET', job_key(job), 'max_cost') or '')
  return budget and budget - held_of_job(job) or NO_LIMIT
end

-- The history shows US dollars. Empty if there was no budget.
local function as_usd(nanos)
  if not nanos then
    return ''
  end
  local text = string.format('%d.%09d', math.floor(nanos / 1e9), nanos % 1e9)
  return (string.gsub(string.gsub(text, '0+$', ''), '%.$', ''))
end

-- Sets the job's budget. The job's history names the user who did it, and both amounts.
local function set_budget(job, by, budget)
  local before = tonumber(redis.call('HGET', job_key(job), 'max_cost') or '')
  if before == budget then
    return
  end
  redis.call('HSET', job_key(job), 'max_cost', whole(budget))
  note(job, { by = by, action = 'set_budget', from = as_usd(before), to = as_usd(budget), reason = '' })
end

-- How much of its limit the tenant has left, and that limit: its own, or else the daily one of all tenants. NO_LIMIT if
-- there is none.
local function left_of_tenant(job, daily, at)
  local tenant = tenant_of(job)
  local known = redis.call('HMGET', tenant_key(tenant), 'budget', 'period')
  local limit = tonumber(known[1] or daily)
  if not limit then
    return NO_LIMIT, NO_LIMIT
  end
  return limit - number_of(redis.call('GET', committed_in(known[1] and known[2] or 'day', tenant, at))), limit
end

-- The same for the watch of which the job is a run. Its budget is kept under its name, so that it holds for runs that are
-- retried, and for another watch of that name.
local function left_of_watch(job, at)
  local watch = redis.call('HGET', job_key(job), 'watch')
  local text = watch and redis.call('HGET', watch_budgets_key(tenant_of(job)), watch)
  if not text then
    return NO_LIMIT, NO_LIMIT
  end
  local budget, period = string.match(text, '^(%d+),(%a+)$')
  local money = watch_money_key(tenant_of(job), watch)
  return tonumber(budget) - number_of(redis.call('HGET', money, period_of_watch(period, at))), tonumber(budget)
end

-- Of the two budgets that a job shares, its tenant's and its watch's, the one with less left. Returns how much that is,
-- the limit, and the reason for which the job pauses.
local function left_of_shared(job, daily, at)
  local of_tenant, tenant_limit = left_of_tenant(job, daily, at)
  local of_watch, watch_limit = left_of_watch(job, at)
  if of_watch < of_tenant then
    return of_watch, watch_limit, 'watch_budget'
  end
  return of_tenant, tenant_limit, 'tenant_budget'
end

-- The most items, up to `most`, for which the money is enough. Less than one if it is enough for none.
local function affordable(prices, most, left)
  local low, high = 0, most
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if most_cost(prices, middle) <= left then
      low = middle
    else
      high = middle - 1
    end
  end
  return low
end

-- Whether there is money to send a call now. `want`: most (items), least (items for which the call is worth sending),
-- call and item (configured prices), daily (the limit of tenants that have no limit of their own, or nil).
-- Returns items, reserve; or nil, why, and what the call would need. 'short' and 'tenant_short': a call without an
-- answer yet may free money, of the job or of its tenant. 'budget', 'tenant_budget' and 'watch_budget': none may.
-- Until an answer has confirmed the price, a job with a limit has one call in flight.
local function ask_for_money(job, want)
  local base = job_key(job)
  local known = redis.call('HMGET', base, 'endpoint', 'in_flight', 'unknown', 'price_ok')
  local key, endpoint = prices_of(job), known[1] or ''
  local prices = highest_prices(key, endpoint, want)
  local at = now_ms()
  local of_job = left_of_job(job)
  local of_shared, shared_limit, shared_reason = left_of_shared(job, want.daily, at)
  local left = math.min(of_job, of_shared)
  local need = most_cost(prices, want.most)
  if redis.call('HGET', key, endpoint .. ':base') ~= as_pair(prices.call, prices.item) then
    redis.call('HSET', key, endpoint .. ':base', as_pair(prices.call, prices.item))
  end
  if left >= NO_LIMIT then
    return want.most, need
  end
  local is_awaited = number_of(known[2]) + number_of(known[3]) > 0
  if is_awaited and known[4] ~= '1' then
    return nil, 'short', need
  end
  if need <= left then
    return want.most, need
  end
  local least = most_cost(prices, want.least)
  -- Runs of a watch do not overlap, so that its own calls are all that may free its money.
  local tenant_is_awaited = shared_reason == 'tenant_budget'
    and number_of(redis.call('HGET', reservations_key, tenant_of(job))) > 0
  -- Calls of other jobs may free money that the job's own budget still allows.
  local shared_binds = of_shared < math.min(need, of_job) and of_job >= least
  if is_awaited or (shared_binds and tenant_is_awaited) then
    return nil, of_shared < need and 'tenant_short' or 'short', need
  end
  if shared_binds then
    -- The next period pays for what the job's own budget still allows. A page that was cut short now would
    -- stay short for good.
    local wanted = most_cost(prices, affordable(prices, want.most, math.max(of_job, least)))
    if shared_limit >= wanted then
      return nil, shared_reason, wanted
    end
  end
  local items = affordable(prices, want.most, left)
  if items >= want.least then
    return items, most_cost(prices, items)
  end
  return nil, of_job < least and 'budget' or shared_reason, least
end

-- Takes the job out of the ring until a call of it is answered, or a call of its tenant if `why` says so.
local function wait_for_answer(job, why)
  redis.call('HSET', job_key(job), 'short', why == 'trial' and 'trial' or '1')
  if why == 'tenant_short' or why == 'trial' then
    redis.call('SADD', short_of_key(tenant_of(job)), job)
  end
  delist(job)
end
