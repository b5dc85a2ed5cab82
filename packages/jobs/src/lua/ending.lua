-- Put before the scripts that may end a job before its time.

-- Rows of calls that are sending or unknown stay pending until their answer; all others are skipped at once.
local function skip_unsent(job)
  local base = job_key(job)
  local open, rows_open = 0, 0
  for _, call in ipairs(redis.call('SMEMBERS', base .. ':live')) do
    local known = redis.call('HMGET', call_key(job, call), 'state', 'rows')
    if known[1] == 'sending' or known[1] == 'unknown' then
      open = open + 1
      rows_open = rows_open + number_of(known[2])
    else
      forget_call(job, call)
    end
  end
  redis.call('DEL', base .. ':ready')
  local skipped = number_of(redis.call('HGET', base, 'pending')) - rows_open
  add(job, 'pending', -skipped)
  add(job, 'skipped', skipped)
  redis.call('HSET', base, 'open', whole(open))
end

-- The job's money or time is over. As the user wished, it pauses, or its open rows are skipped and it completes with what
-- is on its way. `need`: what its next call would cost, where money is over. Jobs that are paused already stay so.
local function run_out(job, reason, need)
  local base = job_key(job)
  local known = redis.call('HMGET', base, 'status', 'on_budget', 'reason')
  local status = known[1]
  if need then
    redis.call('HSET', base, 'short_of', whole(need))
  end
  delist(job)
  if known[2] == 'finish' and reason ~= 'tenant_budget' then
    redis.call('HSET', base, 'cut', reason, 'status', 'running', 'reason', reason)
    note(job, { by = 'system', action = 'finish', from = status, to = 'running', reason = reason })
    skip_unsent(job)
  elseif status ~= 'paused' then
    redis.call('HSET', base, 'status', 'paused', 'reason', reason)
    note(job, { by = 'system', action = 'pause', from = status, to = 'paused', reason = reason })
    emit_of_job(job, 'job.paused')
  end
  changed(job)
end

-- Nothing of the job is sent from here on. `how`: from, to, action, by, reason
local function end_job(job, how)
  redis.call('HSET', job_key(job), 'status', how.to, 'reason', how.reason)
  note(job, how)
  delist(job)
  skip_unsent(job)
  changed(job)
end
