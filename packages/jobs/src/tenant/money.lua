-- Included by every script that moves money. All amounts are whole nano-dollars.
-- A call's money is reserved when it is sent, and freed or spent when its fate is known. What is reserved, unconfirmed
-- and spent counts against the budget of its job, and against its tenant's budget for the day and the month in which it
-- was sent (UTC, on Redis' clock). If the job is a run of a watch, it also counts against the watch's, which has weeks
-- too.
--- @include "redis/shared"

local function tenant_of(job)
  return string.match(job, '^([^/]+)/')
end

-- The month of a day since 1970-01-01, as year * 12 + month, by Howard Hinnant's days-to-civil algorithm.
local function month_of(day)
  local z = day + 719468
  local era = math.floor(z / 146097)
  local of_era = z - era * 146097
  local year = math.floor((of_era - math.floor(of_era / 1460) + math.floor(of_era / 36524) - math.floor(of_era / 146096)) / 365)
  local of_year = of_era - (365 * year + math.floor(year / 4) - math.floor(year / 100))
  -- Counted from March, so that a leap day is the last day of its year.
  local march = math.floor((5 * of_year + 2) / 153)
  return (year + era * 400) * 12 + march + 2
end

local function committed_in(period, tenant, at)
  local day = math.floor(at / DAY_MS)
  return period == 'month' and committed_month_key(tenant, whole(month_of(day))) or committed_day_key(tenant, whole(day))
end

-- Adds what became of a call to the usage of the day when it was sent. `counts`: by measure. Usage outlives jobs. It is
-- counted for the job too, so that the tenant's usage can be added up again from the snapshots of its jobs.
local function book(job, at, counts)
  local tenant = tenant_of(job)
  local group = redis.call('HGET', job_key(job), 'group') or ''
  local key = usage_key(tenant, whole(math.floor(at / DAY_MS)))
  for measure, by in pairs(counts) do
    if by ~= 0 and redis.call('HINCRBY', key, group .. ':' .. measure, whole(by)) == by then
      redis.call('PEXPIRE', key, whole(USAGE_KEPT_MS))
      redis.call('PEXPIRE', usage_group_key(tenant, group), whole(USAGE_KEPT_MS))
    end
    if by ~= 0 and group ~= '' then
      local day = whole(math.floor(at / DAY_MS))
      redis.call('HINCRBY', job_usage_key(job), day .. ':' .. group .. ':' .. measure, whole(by))
    end
  end
end

-- The period of a watch's budget, as its money is counted. Weeks begin on Mondays. What is counted has no time to live:
-- a clock that went ahead and back would end it.
local function period_of_watch(period, at)
  local day = math.floor(at / DAY_MS)
  if period == 'month' then
    return 'm' .. whole(month_of(day))
  end
  return period == 'week' and 'w' .. whole(math.floor((day + 3) / 7)) or 'd' .. whole(day)
end

local function commit(job, at, by)
  if by == 0 then
    return
  end
  local tenant = tenant_of(job)
  local watch = redis.call('HGET', job_key(job), 'watch')
  for _, period in ipairs(watch and { 'day', 'week', 'month' } or {}) do
    redis.call('HINCRBY', watch_money_key(tenant, watch), period_of_watch(period, at), whole(by))
  end
  for period, kept in pairs({ day = COMMITTED_DAY_KEPT_MS, month = COMMITTED_MONTH_KEPT_MS }) do
    local key = committed_in(period, tenant, at)
    if redis.call('INCRBY', key, whole(by)) == by then
      redis.call('PEXPIRE', key, whole(kept))
    end
  end
end

-- Lets jobs that wait for reserved money, or for a trial, ask again: money was freed, the price is known, or answers
-- can be read.
local function wake_short(job)
  local short = short_of_key(tenant_of(job))
  if redis.call('HDEL', job_key(job), 'short') == 1 then
    redis.call('SREM', short, job)
    enlist(job)
  end
  for _, other in ipairs(redis.call('SMEMBERS', short)) do
    redis.call('HDEL', job_key(other), 'short')
    enlist(other)
  end
  redis.call('DEL', short)
end

-- Frees the money of a call whose fate is known. `at`: when it was sent.
local function free_money(job, at, held)
  redis.call('HINCRBY', reservations_key, tenant_of(job), -1)
  commit(job, at, -held)
  wake_short(job)
end

local function spend(job, at, cost)
  add(job, 'spent', cost)
  commit(job, at, cost)
end

-- A cost is recorded under the upstream's id of its task, so that an answer and its entry in the upstream's record are
-- counted once, and two answers to one attempt are not taken for one. If an answer does not say its id, the nonce of
-- its request is used instead. An entry of the record without an id belongs to any answer of its attempt. `id`: task,
-- nonce, each may be nil.
-- Returns the name of the cost among those that settled nothing, and what was counted under it, or nil.
local function counted_cost(job, call, attempt, id)
  local plain, names = call .. '.' .. attempt, {}
  if id.task then
    names[1] = plain .. '.' .. id.task
  end
  if id.nonce then
    names[#names + 1] = plain .. '.~' .. id.nonce
  end
  names[#names + 1] = plain
  for _, name in ipairs(names) do
    local counted = redis.call('HGET', lost_key(job), name)
    if counted then
      return name, tonumber(counted)
    end
  end
  return names[1], nil
end

-- Records that an answer does not say what it cost. `doubt`: the money held for it, when it was sent, and the nonce of
-- its request. The money stays unconfirmed until the upstream's record shows the amount.
local function keep_unpriced(job, call, attempt, doubt)
  -- The record shows most calls as soon as they are done.
  redis.call('ZADD', unpriced_key, whole(now_ms() + 5000), call_ref(job, call) .. '.' .. attempt)
  local story = { fate = 'unpriced', sent_at = whole(doubt.at), task = '', cost = '', held = whole(doubt.held),
    nonce = doubt.nonce }
  -- If the call was given up blindly before, its money is in doubt already.
  if redis.call('HSETNX', fates_key(job), call .. '.' .. attempt, cjson.encode(story)) == 0 then
    return
  end
  add(job, 'unconfirmed', doubt.held)
  book(job, doubt.at, { unconfirmed = doubt.held })
end

-- Ends the doubt about an attempt's cost: its answer came after it was decided blindly, or its price became known. The
-- answer to another request of the attempt does not end it. Returns when the attempt was sent and the money held for
-- it; nil if nothing was in doubt.
local function end_blindness(job, call, attempt, nonce)
  local fates, name = fates_key(job), call .. '.' .. attempt
  local text = redis.call('HGET', fates, name)
  local story = text and cjson.decode(text)
  local of_another = nonce and story and story.nonce and story.nonce ~= nonce
  if not story or of_another or not (story.fate == 'blind' or story.cost == '') then
    return nil
  end
  local held, at = number_of(story.held), number_of(story.sent_at)
  redis.call('HDEL', fates, name)
  add(job, 'unconfirmed', -held)
  book(job, at, { unconfirmed = -held })
  commit(job, at, -held)
  return at, held
end

-- Counts the cost of an attempt whose answer decides nothing any more as spent and wasted, once. False if it was
-- counted before. Nothing is counted for a job that was removed: its keys must not come back. `lost`: cost, at (sent),
-- task, nonce (as above)
local function waste(job, call, attempt, lost)
  if redis.call('EXISTS', job_key(job)) == 0 then
    return false
  end
  local name, counted = counted_cost(job, call, attempt, lost)
  if counted then
    return false
  end
  redis.call('HSET', lost_key(job), name, whole(lost.cost))
  end_blindness(job, call, attempt, lost.nonce)
  spend(job, lost.at, lost.cost)
  add(job, 'wasted', lost.cost)
  book(job, lost.at, { calls = 1, spent = lost.cost, wasted = lost.cost })
  return true
end

-- The money held for a call that was sent, and when it was sent.
local function held_money(job, call)
  local known = redis.call('HMGET', call_key(job, call), 'reserved', 'sent_at')
  return number_of(known[1]), number_of(known[2])
end

-- Ends the state `sending`. Returns the money that is still held for the call, and when it was sent.
local function stop_sending(job, call)
  local held, at = held_money(job, call)
  add(job, 'in_flight', -1)
  add(job, 'reserved', -held)
  return held, at
end

-- Ends the state `unknown`: the call's cost is no longer unconfirmed. Returns what stop_sending does.
local function end_doubt(job, call)
  local held, at = held_money(job, call)
  add(job, 'unknown', -1)
  add(job, 'unconfirmed', -held)
  book(job, at, { unconfirmed = -held })
  return held, at
end

-- Ends a call's wait for its answer. Returns the money that was held for it, and when it was sent; nil if it did not
-- wait.
local function stop_waiting(job, call, state)
  if state == 'sending' then
    return stop_sending(job, call)
  elseif state == 'unknown' then
    return end_doubt(job, call)
  end
  return nil, nil
end

-- planned -> sending: what a grant does to the ledger.
local function start_sending(job, call, sending)
  redis.call('HSET', call_key(job, call), 'state', 'sending', 'attempt', sending.attempt, 'worker', sending.worker,
    'nonce', sending.nonce, 'sent_at', whole(sending.sent_at), 'rows', whole(sending.rows), 'items', whole(sending.items),
    'reserved', whole(sending.reserve))
  redis.call('ZADD', sending_key, whole(sending.sent_at), call_ref(job, call))
  add(job, 'in_flight', 1)
  add(job, 'attempts', 1)
  add(job, 'reserved', sending.reserve)
  redis.call('HINCRBY', reservations_key, tenant_of(job), 1)
  commit(job, sending.sent_at, sending.reserve)
end
