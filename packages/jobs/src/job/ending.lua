-- Included by scripts that may end a job early.
--- @include "events/events"

-- Skips the rows of all calls that are neither sending nor unknown. Rows of those stay pending until their answer
-- comes.
local function skip_unsent(job)
  local base = job_key(job)
  local open, rows_open = 0, 0
  for _, call in ipairs(redis.call('SMEMBERS', live_key(job))) do
    local known = redis.call('HMGET', call_key(job, call), 'state', 'rows')
    if known[1] == 'sending' or known[1] == 'unknown' then
      open = open + 1
      rows_open = rows_open + number_of(known[2])
    else
      forget_call(job, call)
    end
  end
  redis.call('DEL', ready_key(job))
  local skipped = number_of(redis.call('HGET', base, 'pending')) - rows_open
  decide(job, skipped)
  add(job, 'skipped', skipped)
  redis.call('HSET', base, 'open', whole(open))
end

local function pause_job(job, from, reason)
  redis.call('HSET', job_key(job), 'status', 'paused', 'reason', reason)
  note(job, { by = 'system', action = 'pause', from = from, to = 'paused', reason = reason })
  if from ~= 'paused' then
    emit_of_job(job, 'job.paused')
  end
end

-- Pauses a job because answers of its endpoint can no longer be read, until a user resumes it. A job that was paused
-- for a reason that ends by itself now waits for the user too. Returns true unless it was paused for this already.
local function pause_changed(job)
  local known = redis.call('HMGET', job_key(job), 'status', 'reason', 'cut')
  local status = known[1]
  local goes_on = status == 'queued' or status == 'planning' or status == 'running'
  -- A job without open calls buys nothing more, so it closes instead.
  local is_over = known[3] or closable(job)
  if is_over or not (goes_on or (status == 'paused' and ENDS_ITSELF[known[2]])) then
    return false
  end
  delist(job)
  pause_job(job, status, 'upstream_changed')
  changed(job)
  return true
end

-- The job's money or time is over. As `on_budget` says, it pauses, or its unsent rows are skipped and it completes once
-- its calls in flight are settled. `need`: what its next call would cost, if the money is over. A paused job stays
-- paused.
local function run_out(job, reason, need)
  local base = job_key(job)
  local known = redis.call('HMGET', base, 'status', 'on_budget', 'reason')
  local status = known[1]
  if need then
    redis.call('HSET', base, 'short_of', whole(need))
  end
  delist(job)
  if reason == 'watch_budget' then
    local tenant, watch = string.match(job, '^[^/]+'), redis.call('HGET', base, 'watch')
    redis.call('ZADD', watches_short_key, whole(now_ms()), tenant .. '/' .. watch)
  end
  if known[2] == 'finish' and reason ~= 'tenant_budget' then
    local cut = reason == 'watch_budget' and 'budget' or reason
    redis.call('HSET', base, 'cut', cut, 'status', 'running', 'reason', reason)
    note(job, { by = 'system', action = 'finish', from = status, to = 'running', reason = reason })
    skip_unsent(job)
  elseif status ~= 'paused' then
    pause_job(job, status, reason)
  end
  changed(job)
end

-- Ends the job: nothing of it is sent any more. `how`: from, to, action, by, reason
local function end_job(job, how)
  redis.call('HSET', job_key(job), 'status', how.to, 'reason', how.reason)
  note(job, how)
  delist(job)
  skip_unsent(job)
  changed(job)
end
