-- Records that the plan of a further run is stored: its rows are pending again, and its calls may be dispatched.
-- Takes job, run, base (the number before its first call), roots, calls_per_part, failed and skipped (rows that it
-- processes again), codes (how many of these rows have each code), is_stored (storage may have answers to its calls
-- already); as bytes, a bitmap of the calls that decided those rows before.
-- Answers result (the status) and last. Repeating it changes nothing. A run without rows ends at once, with the outcome
-- of the run before.
--- @include "redis/shared"
local job, run, base_number, roots = arg.job, arg.run, whole(arg.base), arg.roots
local base = job_key(job)
local known = redis.call('HMGET', base, 'status', 'run', 'retry', 'finished_at', 'bases', 'runs')
if known[2] ~= run or not known[3] or known[4] or is_ended(job) then
  return step_answer(known[1] or 'gone', job)
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
  return step_answer(to, job)
end
redis.call('HSET', base, 'planned_run', run, 'base', base_number, 'roots', whole(roots),
  'calls_per_part', whole(arg.calls_per_part), 'next', whole(arg.base + 1),
  'bases', (known[5] and known[5] .. ',' or '') .. base_number)
add(job, 'planned', roots)
redis.call('HSET', base, 'open', whole(roots))
add(job, 'failed', -arg.failed)
add(job, 'skipped', -arg.skipped)
add(job, 'pending', arg.failed + arg.skipped)
for code, rows in pairs(arg.codes) do
  redis.call('HINCRBY', codes_key(job), code, whole(-rows))
end
redis.call('SET', retried_key(job, run), ARGV[2])
if arg.is_stored then
  -- No epoch has this name, so storage is asked before each call is sent.
  redis.call('HSET', base, 'epoch', 'none')
end
if known[1] == 'running' then
  enlist(job)
end
moved(job)
return step_answer(known[1], job)
