-- The plan is stored: its calls may be dispatched. ARGV: job, root calls, calls per part, 1 when it starts by hand (unless its
--   user has let it go already)
-- Returns {status, 1 when nothing of the job is open} ; planning again changes nothing.
local job, roots, per_part = ARGV[1], ARGV[2], ARGV[3]
local base = job_key(job)
local known = redis.call('HMGET', base, 'status', 'roots', 'reason', 'cut', 'released')
local manual = ARGV[4] == '1' and not known[5]
if not known[1] or known[1] == 'cancelled' or known[2] or known[4] then
  return { known[1] or 'gone', closable(job) }
end
redis.call('HSET', base, 'roots', roots, 'calls_per_part', per_part, 'next', '1', 'planned', roots, 'open', roots)
local status = known[1]
if status == 'planning' or status == 'queued' then
  status = manual and 'paused' or 'running'
  redis.call('HSET', base, 'status', status, 'reason', manual and 'manual_start' or '')
  if status == 'running' then
    redis.call('HSET', base, 'started_at', whole(now_ms()))
    enlist(job)
  else
    emit_of_job(job, 'job.paused')
  end
elseif status == 'running' then
  -- Run again before it ever had a plan.
  enlist(job)
elseif status == 'paused' and manual then
  -- It must not start by itself when what has paused it is over.
  redis.call('HSET', base, 'reason', 'manual_start')
end
moved(job)
return { status, closable(job) }
