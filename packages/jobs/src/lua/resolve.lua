-- What became of an unknown call is known, or was decided: it is sent again.
-- ARGV: job, call, attempt, 'lost' (executed: its cost is spent and wasted) | 'not_executed' | 'blind', cost (nanos),
--   the upstream's id of it, or ''
-- Returns {'resolved' | 'stale', 1 when nothing of the job is open any more}
-- Decided blindly, its money stays unconfirmed, for good where its answer never comes: it is shown, not hidden.
local job, call, attempt, fate, cost, task = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6]
local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt', 'worker', 'sent_at', 'orphan', 'reserved', 'nonce')
if known[1] ~= 'unknown' or known[2] ~= attempt then
  return { 'stale', closable(job) }
end
local story = cjson.encode({ fate = fate, worker = known[3], sent_at = known[4], task = task, cost = whole(cost),
  held = known[6], nonce = known[7] or nil })
redis.call('HSET', job_key(job) .. ':fates', call .. '.' .. attempt, story)
if fate == 'blind' then
  add(job, 'unknown', -1)
  free_money(job, tonumber(known[4]), 0)
else
  local held, at = end_doubt(job, call)
  if fate == 'lost' then
    waste(job, call, attempt, { cost = cost, at = at, task = task, nonce = '' })
  end
  free_money(job, at, held)
end
-- An attempt without an answer counts: a call that never gets one, or kills its workers, must come to rest.
redis.call('HINCRBY', key, known[5] == '1' and 'deaths' or 'failures', 1)
plan_again(job, call, nil)
changed(job)
return { 'resolved', closable(job) }
