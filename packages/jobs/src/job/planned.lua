-- Records how much of a plan is stored: its first `stored` root calls may be dispatched. It is repeated until all are
-- stored.
-- Takes job, roots, calls_per_part, manual (the job starts by hand, unless its user has resumed it already), stored
-- (root calls).
-- Answers result (the status) and last. With no more calls than before it changes nothing.
-- While the plan grows, `stored_roots` limits what is dispatched, and the job is not closed, whatever becomes of it.
--- @include "events/events"
local job, roots, stored = arg.job, arg.roots, arg.stored
local base = job_key(job)
local known = redis.call('HMGET', base, 'status', 'roots', 'reason', 'cut', 'released', 'stored_roots')
local manual = arg.manual and not known[5]

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
  return step_answer(known[1], job)
end
if not known[1] or known[1] == 'cancelled' or known[2] or known[4] then
  return step_answer(known[1] or 'gone', job)
end
redis.call('HSET', base, 'roots', whole(roots), 'calls_per_part', whole(arg.calls_per_part), 'next', '1',
  'planned', whole(roots), 'open', whole(roots))
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
  -- The job was retried before it had a plan.
  enlist(job)
elseif status == 'paused' and manual then
  -- The job must not start by itself when its pause ends.
  redis.call('HSET', base, 'reason', 'manual_start')
end
moved(job)
return step_answer(status, job)
