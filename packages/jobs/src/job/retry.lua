-- Runs failed and skipped rows of a finished job again. The plan of the new run decides which: until it is stored the
-- rows stay as they are. A job without a plan runs all its rows.
-- Takes job, by, choice (which rows, JSON), codes (of such rows), budget (a new one, nanos), least_call (the least that
-- a call costs, nanos).
-- Answers result: 'done' | 'refused' | 'closing' | 'nothing', with left (its failed and skipped rows by code) | 'gone'
-- | 'short', with least (the budget that would pay for the next call); and status (after it).
--- @include "tenant/money"
--- @include "tenant/budget"
--- @include "job/indexes"
local job, by, budget = arg.job, arg.by, arg.budget
local base = job_key(job)
local known = redis.call('HMGET', base, 'status', 'finished_at', 'roots', 'cut', 'short_of', 'deadline', 'reason', 'failed',
  'skipped')
local status, roots, cut = known[1], tonumber(known[3] or ''), known[4]
local short_of, deadline = number_of(known[5]), tonumber(known[6] or '')

local function budget_needed()
  local needed = math.max(cut == 'budget' and short_of or 0, arg.least_call)
  local left = budget and budget - held_of_job(job) or left_of_job(job)
  return left < needed and held_of_job(job) + needed or nil
end

-- Earlier versions did not count rows by code: then the plan of the run finds out whether there are any.
local function has_rows()
  local counted = 0
  for _, code in ipairs(arg.codes) do
    if number_of(redis.call('HGET', codes_key(job), code)) > 0 then
      return true
    end
  end
  for _, rows in ipairs(redis.call('HVALS', codes_key(job))) do
    counted = counted + number_of(rows)
  end
  return counted < number_of(known[8]) + number_of(known[9])
end

local function close_run()
  local plan = redis.call('HMGET', base, 'planned_run', 'base', 'calls_per_part', 'runs')
  local runs, run = cjson.decode(plan[4] or '[]'), tonumber(plan[1] or '1')
  if #runs == 0 or runs[#runs].run ~= run then
    runs[#runs + 1] = { run = run, base = number_of(plan[2]), roots = roots, callsPerPart = tonumber(plan[3]),
      ['end'] = skipping_end(status, cut) or 'done', reason = known[7] or '' }
    redis.call('HSET', base, 'runs', cjson.encode(runs))
  end
  redis.call('HSET', base, 'next', whole(number_of(plan[2]) + roots + 1), 'retry', arg.choice)
end

local refusal = refusal_of(job, status, known[2])
if refusal then
  return cjson.encode({ result = refusal, status = status or '' })
end
if not has_rows() then
  local left, counts = {}, redis.call('HGETALL', codes_key(job))
  for at = 1, #counts, 2 do
    left[counts[at]] = counts[at + 1]
  end
  return cjson.encode({ result = 'nothing', status = status, left = left })
end
local least = budget_needed()
if least then
  return cjson.encode({ result = 'short', status = status, least = whole(least) })
end
if roots then
  close_run()
else
  local skipped = number_of(redis.call('HGET', base, 'skipped'))
  add(job, 'skipped', -skipped)
  add(job, 'pending', skipped)
  redis.call('DEL', codes_key(job))
  -- Retrying a job starts it, even if it starts by hand.
  redis.call('HSET', base, 'released', '1')
end
if budget then
  set_budget(job, by, budget)
end
-- Retrying a job removes a deadline that has passed.
if deadline and deadline <= now_ms() then
  redis.call('HDEL', base, 'deadline')
end
-- Prices may have changed since then: the first answer confirms them again.
redis.call('HDEL', base, 'finished_at', 'expires_at', 'outcome', 'cut', 'short', 'short_of', 'refusals', 'price_ok')
redis.call('HSET', base, 'status', 'running', 'reason', '')
redis.call('HSETNX', base, 'started_at', whole(now_ms()))
add(job, 'run', 1)
note(job, { by = by, action = 'retry', from = status, to = 'running', reason = '' })
redis.call('SADD', active_key, job)
redis.call('SADD', unfinished_beside(job), job)
redis.call('ZREM', expiring_key, job)
moved(job)
return cjson.encode({ result = 'done', status = 'running' })
