-- The plan of a further run is stored: its rows are pending again, and its calls may be dispatched.
-- ARGV: job, run, the number before its first call, root calls, calls per part, failed rows and skipped rows that it takes up,
--   the calls that decided those (a bitmap), 1 where storage has answers of its calls already, and the codes of those rows,
--   each with how many have it
-- Returns {status, 1 when nothing of the job is open} ; planning again changes nothing.
-- A run without rows ends at once, as the run before it did.
--- @include "redis/shared"
local job, run, before, roots, per_part = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local failed, skipped = tonumber(ARGV[6]), tonumber(ARGV[7])
local base = job_key(job)
local known = redis.call('HMGET', base, 'status', 'run', 'retry', 'finished_at', 'bases', 'runs')
if known[2] ~= run or not known[3] or known[4] or is_ended(job) then
  return { known[1] or 'gone', closable(job) }
end
redis.call('HDEL', base, 'retry')
if roots == 0 then
  local runs = cjson.decode(known[6])
  local last = runs[#runs]
  local to = last['end'] == 'cancelled' and 'cancelled' or last['end'] == 'job_failed' and 'failed' or 'running'
  redis.call('HSET', base, 'status', to, 'reason', to == 'failed' and last.reason or '')
  if last['end'] == 'budget' or last['end'] == 'deadline' then
    redis.call('HSET', base, 'cut', last['end'])
  end
  note(job, { by = 'system', action = 'nothing_to_retry', from = known[1], to = to, reason = '' })
  moved(job)
  return { to, closable(job) }
end
redis.call('HSET', base, 'planned_run', run, 'base', before, 'roots', roots, 'calls_per_part', per_part,
  'next', whole(tonumber(before) + 1), 'bases', (known[5] and known[5] .. ',' or '') .. before)
add(job, 'planned', roots)
redis.call('HSET', base, 'open', roots)
add(job, 'failed', -failed)
add(job, 'skipped', -skipped)
add(job, 'pending', failed + skipped)
for at = 10, #ARGV, 2 do
  redis.call('HINCRBY', codes_key(job), ARGV[at], whole(-ARGV[at + 1]))
end
redis.call('SET', retried_key(job, run), ARGV[8])
if ARGV[9] == '1' then
  -- Of no epoch: storage is asked before each call is sent.
  redis.call('HSET', base, 'epoch', 'none')
end
if known[1] == 'running' then
  enlist(job)
end
moved(job)
return { known[1], closable(job) }
