-- Does what a user, or the state of the account, asks of a job. Takes job, action: plan (queued -> planning), pause,
-- resume or cancel; by; reason (why it pauses; `resume` with a reason resumes only a job that is paused for it), budget
-- (a new one, nanos), tenant_daily (the daily limit of tenants that have no limit of their own, nanos), least_call (the
-- least that a call costs, nanos).
-- Answers result: 'done' | 'same' | 'refused' | 'gone' | 'short' | 'tenant_short' | 'watch_short' (the budget of the
-- job, of its tenant or of its watch does not pay for its next call: it must be `least`); status (after it), last.
--- @include "tenant/money"
--- @include "tenant/budget"
--- @include "job/ending"
local job, action, by, reason, budget = arg.job, arg.action, arg.by, arg.reason or '', arg.budget
local base = job_key(job)
local known = redis.call('HMGET', base, 'status', 'roots', 'started_at', 'reason', 'cut', 'short_of', 'deadline')
local status, roots, started_at, paused_for, cut = known[1], known[2], known[3], known[4] or '', known[5]
local short_of, deadline = number_of(known[6]), tonumber(known[7] or '')

local to = {
  plan = { queued = 'planning', planning = 'same' },
  pause = { queued = 'paused', planning = 'paused', running = 'paused', paused = 'same' },
  resume = { paused = 'running', queued = 'same', planning = 'same', running = 'same' },
  cancel = { queued = 'cancelled', planning = 'cancelled', running = 'cancelled', paused = 'cancelled', cancelled = 'same' },
}

-- The least budget with which the job can go on. Nil if it has enough.
local function budget_needed()
  local needed = paused_for == 'budget' and short_of or 0
  if budget then
    local least = held_of_job(job) + math.max(needed, arg.least_call)
    return budget < least and least or nil
  end
  return paused_for == 'budget' and left_of_job(job) < needed and held_of_job(job) + needed or nil
end

-- Lets a job that starts by hand start as soon as it has a plan. True if this call did so. Once it has a plan, it is
-- resumed instead.
local function let_go()
  local waits = not roots and reason == '' and cjson.decode(redis.call('HGET', base, 'doc')).start == 'manual'
  return waits and redis.call('HSETNX', base, 'released', '1') == 1
end

-- The status after the action. A job that sends no more calls is neither paused nor resumed.
local function next_status()
  local target = to[action][status]
  if action == 'pause' and reason == 'user' and status == 'paused' and ENDS_ITSELF[paused_for] then
    -- It must no longer resume by itself.
    target = 'paused'
  elseif action == 'resume' and reason ~= '' and paused_for ~= reason and target then
    target = 'same'
  elseif action == 'resume' and target == 'running' and not roots then
    target = 'queued'
  end
  return cut and (action == 'pause' or action == 'resume') and target and 'same' or target
end

local function take_budget()
  set_budget(job, by, budget)
  if redis.call('HDEL', base, 'short') == 1 then
    enlist(job)
  end
  changed(job)
end

local function answer(result, fields)
  return cjson.encode({ result = result, status = fields.status, last = fields.last or false,
    least = fields.least and whole(fields.least) })
end

if not status then
  return answer('gone', { status = '' })
end
local target, released = next_status(), false
if action == 'resume' and target and not cut then
  local least = budget_needed()
  if least and (budget or target ~= 'same') then
    return answer('short', { status = status, least = least })
  end
  if target ~= 'same' and paused_for == 'tenant_budget' and left_of_tenant(job, arg.tenant_daily, now_ms()) < short_of then
    return answer('tenant_short', { status = status, least = short_of })
  end
  if target ~= 'same' and paused_for == 'watch_budget' and left_of_watch(job, now_ms()) < short_of then
    return answer('watch_short', { status = status, least = short_of })
  end
  if budget then
    take_budget()
  end
  released = let_go()
end
if not target or target == 'same' then
  -- A new budget comes too late for a job whose open rows are skipped.
  local refused = not target or (cut and budget)
  if released then
    note(job, { by = by, action = action, from = status, to = status, reason = '' })
    changed(job)
  end
  local result = refused and 'refused' or (budget or released) and 'done' or 'same'
  return answer(result, { status = status, last = closable(job) })
end
if target == 'cancelled' then
  end_job(job, { from = status, to = target, action = action, by = by, reason = reason })
  return answer('done', { status = target, last = closable(job) })
end
redis.call('HSET', base, 'status', target, 'reason', action == 'resume' and '' or reason)
if action ~= 'plan' then
  note(job, { by = by, action = action, from = status, to = target, reason = reason })
end
if action == 'resume' then
  redis.call('HDEL', base, 'short', 'short_of')
  if reason == '' then
    redis.call('HSET', base, 'resumed_at', whole(now_ms()))
  end
  -- Resuming a job removes a deadline that has passed. A job that resumes by itself keeps its deadline.
  if reason == '' and deadline and deadline <= now_ms() then
    redis.call('HDEL', base, 'deadline')
  end
end
if target == 'running' then
  if not started_at then
    redis.call('HSET', base, 'started_at', whole(now_ms()))
  end
  enlist(job)
end
-- A job that is paused for another reason than before was paused already.
if action ~= 'plan' and target ~= status then
  emit_of_job(job, action == 'pause' and 'job.paused' or 'job.resumed')
end
moved(job)
return answer('done', { status = target, last = closable(job) })
