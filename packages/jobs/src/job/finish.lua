-- Closes a job if nothing of it is open. Takes job.
-- Answers the status, or 'open' if it cannot be closed yet. Closing it again changes nothing.
--- @include "events/events"
--- @include "job/indexes"
local job = arg.job
local base = job_key(job)

-- A job is kept for a month after its end, and most jobs are small: their hash takes most of their memory.
local function drop_fields_without_meaning()
  local fields = redis.call('HGETALL', base)
  for at = 1, #fields, 2 do
    if not is_meaningful(fields[at], fields[at + 1]) then
      redis.call('HDEL', base, fields[at])
    end
  end
end

local known = redis.call('HMGET', base, 'status', 'finished_at', 'skipped', 'cut')
local status = known[1]
if known[2] then
  return status
end
if not closable(job) then
  return 'open'
end
-- Rows that earlier runs skipped, and no later run has processed, keep their code.
local code, skipped = skipping_end(status, known[4]), number_of(known[3])
for _, rows in ipairs(redis.call('HMGET', codes_key(job), 'cancelled', 'budget', 'deadline', 'job_failed')) do
  skipped = skipped - number_of(rows)
end
if code and skipped > 0 then
  redis.call('HINCRBY', codes_key(job), code, whole(skipped))
end
local outcome = outcome_of(job)
local stopped = status == 'cancelled' or status == 'failed'
local to = stopped and status or 'completed'
-- The list may still hold calls that were settled while they waited.
redis.call('DEL', ready_key(job))
delist(job)
local now = now_ms()
local expires_at = now + number_of(redis.call('HGET', base, 'retention_days')) * DAY_MS
redis.call('HSET', base, 'status', to, 'outcome', outcome, 'finished_at', whole(now), 'expires_at', whole(expires_at))
redis.call('ZADD', expiring_key, whole(expires_at), job)
redis.call('SREM', unfinished_beside(job), job)
-- Its event tells of its tasks too.
redis.call('ZREM', hooks_due_key, job)
redis.call('HDEL', base, 'retry', 'moved_at', 'price_ok', 'epoch')
-- From now on its tag answers with this job, also while it is run again.
if to == 'completed' then
  redis.call('HSET', base, 'good', outcome == 'none' and '0' or '1')
end
-- A job that failed, or ran out of money or time, keeps its reason.
if to ~= 'failed' then
  redis.call('HSET', base, 'reason', redis.call('HGET', base, 'cut') or '')
end
if to ~= status then
  note(job, { by = 'system', action = 'finish', from = status, to = to, reason = '' })
end
drop_fields_without_meaning()
emit_of_job(job, 'job.' .. to)
changed(job)
return to
