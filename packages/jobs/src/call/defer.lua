-- Ends an attempt that did not settle its call: it was answered without an outcome, or certainly never sent. The call
-- is sent again later.
-- Takes job, call, attempt, cost (nanos), delay_ms, counts_as: 'failure' | 'unsent' | 'nothing', sent_at, id: task,
-- nonce (each may be nil).
-- Answers result: 'deferred' | 'stale' | 'early' (as in settle.lua), and last
-- An unknown call becomes planned. A late answer, to an attempt that was given up, adds only its cost, once.
--- @include "tenant/money"
--- @include "call/attempt_phase"
local job, call, attempt = arg.job, arg.call, arg.attempt
local cost, counts_as, at, id = arg.cost, arg.counts_as, arg.sent_at, arg.id
local key = call_key(job, call)
local phase, state = phase_of(job, call, attempt)
if phase == 'early' then
  return step_answer('early', job)
end
if phase ~= 'unheard' and not (phase == 'current' and state ~= 'planned') then
  if cost > 0 and waste(job, call, attempt, { cost = cost, at = at, task = id.task, nonce = id.nonce }) then
    changed(job)
  end
  return step_answer('stale', job)
end
local held, held_at = stop_waiting(job, call, state)
held_at = phase == 'current' and at or held_at
if phase == 'unheard' then
  add(job, 'attempts', 1)
  redis.call('SADD', live_key(job), call)
  redis.call('HSET', key, 'attempt', attempt)
end
local name, counted = counted_cost(job, call, attempt, id)
if counts_as ~= 'unsent' then
  book(job, at, { calls = counted and 0 or 1, spent = cost - (counted or 0), wasted = -(counted or 0) })
end
if cost > 0 then
  spend(job, at, cost - (counted or 0))
  add(job, 'wasted', -(counted or 0))
  redis.call('HSET', lost_key(job), name, '0')
end
if held then
  free_money(job, held_at, held)
end
if counts_as == 'failure' then
  redis.call('HINCRBY', key, 'failures', 1)
end
if counts_as == 'unsent' then
  redis.call('HINCRBY', key, 'unsent', 1)
else
  redis.call('HDEL', key, 'unsent')
end
plan_again(job, call, now_ms() + arg.delay_ms)
return step_answer('deferred', job)
