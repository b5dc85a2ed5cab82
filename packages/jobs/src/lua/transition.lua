-- What a user, or the account's state, does to a job. ARGV: job, action, by, reason or ''
-- Actions: plan (queued -> planning), pause, resume, cancel.
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

-- Rows of calls that are sending or unknown stay pending until their answer; all others are skipped at once.
local function skip_unsent()
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

if not status then
  return { 'gone', '', 0 }
end
local target = to[action][status]
if not target or target == 'same' then
  return { target or 'refused', status, closable(job) }
end
local known = redis.call('HMGET', base, 'roots', 'started_at')
if action == 'resume' and not known[1] then
  target = 'queued'
end
redis.call('HSET', base, 'status', target, 'reason', reason)
if action ~= 'plan' then
  local entry = { at = now_ms(), by = by, action = action, from = status, to = target }
  redis.call('RPUSH', base .. ':history', cjson.encode(entry))
end
if target == 'running' then
  if not known[2] then
    redis.call('HSET', base, 'started_at', whole(now_ms()))
  end
  enlist(job)
elseif target == 'cancelled' then
  delist(job)
  skip_unsent()
end
changed(job)
return { 'done', target, closable(job) }
