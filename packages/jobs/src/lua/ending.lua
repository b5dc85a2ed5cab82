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

-- Nothing of the job is sent from here on. `how`: from, to, action, by, reason
local function end_job(job, how)
  redis.call('HSET', job_key(job), 'status', how.to, 'reason', how.reason)
  note(job, how)
  delist(job)
  skip_unsent(job)
  changed(job)
end
