-- The plan is stored, or the first calls of it are: these may be dispatched. Said again, with more of them, until all are stored.
-- ARGV: job, root calls, calls per part, 1 when it starts by hand (unless its user has let it go already), root calls stored
-- Returns {status, 1 when nothing of the job is open} ; saying it again, or less than was said before, changes nothing.
-- While the plan grows, `stored_roots` bounds what is dispatched, and the job is not closed, whatever becomes of it.
--- @include "events/events"
local job, roots, per_part, stored = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[5])
local base = job_key(job)
local known = redis.call('HMGET', base, 'status', 'roots', 'reason', 'cut', 'released', 'stored_roots')
local manual = ARGV[4] == '1' and not known[5]

local function note_stored()
  if stored < roots then
    redis.call('HSET', base, 'stored_roots', whole(stored))
  else
    redis.call('HDEL', base, 'stored_roots')
    changed(job)
  end
end

if known[2] and known[6] and stored > tonumber(known[6]) then
  note_stored()
  if known[1] == 'running' and not known[4] then
    enlist(job)
  end
  return { known[1], closable(job) }
end
if not known[1] or known[1] == 'cancelled' or known[2] or known[4] then
  return { known[1] or 'gone', closable(job) }
end
redis.call('HSET', base, 'roots', whole(roots), 'calls_per_part', per_part, 'next', '1', 'planned', whole(roots), 'open', whole(roots))
note_stored()
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
