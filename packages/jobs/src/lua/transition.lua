-- What a user, or the account's state, does to a job. ARGV: job, action, by, reason or ''
-- Actions: plan (queued -> planning), pause, resume, cancel. With a reason, only a job that is paused for it resumes.
-- Returns {'done' | 'same' | 'refused' | 'gone', status after it, 1 when nothing is open any more}
local job, action, by, reason = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local base = job_key(job)
local status = redis.call('HGET', base, 'status')

local to = {
  plan = { queued = 'planning', planning = 'same' },
  pause = { queued = 'paused', planning = 'paused', running = 'paused', paused = 'same' },
  resume = { paused = 'running', queued = 'same', planning = 'same', running = 'same' },
  cancel = { queued = 'cancelled', planning = 'cancelled', running = 'cancelled', paused = 'cancelled', cancelled = 'same' },
}

if not status then
  return { 'gone', '', 0 }
end
local target = to[action][status]
local known = redis.call('HMGET', base, 'roots', 'started_at', 'reason')
local paused_for = known[3] or ''
if action == 'pause' and reason == 'user' and status == 'paused' and string.find(paused_for, '^upstream_') then
  -- It must not resume by itself any more.
  target = 'paused'
elseif action == 'resume' and reason ~= '' and paused_for ~= reason and target then
  target = 'same'
end
if not target or target == 'same' then
  return { target or 'refused', status, closable(job) }
end
if action == 'resume' and not known[1] then
  target = 'queued'
end
if target == 'cancelled' then
  end_job(job, { from = status, to = target, action = action, by = by, reason = reason })
  return { 'done', target, closable(job) }
end
redis.call('HSET', base, 'status', target, 'reason', action == 'resume' and '' or reason)
if action ~= 'plan' then
  note(job, { by = by, action = action, from = status, to = target, reason = reason })
end
if target == 'running' then
  if not known[2] then
    redis.call('HSET', base, 'started_at', whole(now_ms()))
  end
  enlist(job)
end
changed(job)
return { 'done', target, closable(job) }
