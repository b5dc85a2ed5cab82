-- The last step of a call, after its answer is stored: records its counts, its cost and the calls that follow it, exactly
-- once.
-- Takes job, call, attempt, and
--   verdict: 'stored' | 'failed' (only its copied rows have an answer) | 'split'
--   ok, empty, failed (rows), code (of the failed rows), items, surplus (items that belong to no row)
--   cost (nanos), sent_at, id: task, nonce (each may be nil)
--   followers: a list of { call, rows }: the next page, or the halves
--   simulated: nil if the answer did not say
--   keeps_doubt: the call's fate was decided blindly, so what it may have cost stays unconfirmed
--   is_lost: the cost is that of a lost answer
--   unpriced: the answer does not state its cost
--   refusal: the upstream's words, if it refused a parameter
--   latency_ms: from the send to the answer; nil if no answer came
--   reused: rows and items that were copied from stored answers, whole (nothing was bought)
-- Answers
--   result: 'settled' | 'repeated'
--     | 'late': the attempt is no longer the current one, so only its cost is added
--     | 'early': nothing changes, because the answer that creates the call is not settled
--   last
--   changed: answers of the endpoint can no longer be read, so jobs must pause
--   missed_from: the first attempt before this one that was never counted, else this attempt
-- An answer that comes after its attempt was given up still settles the call until the next attempt is sent, so that it
-- is not bought twice. So does the answer to an attempt that Redis lost with its last writes.
--- @include "tenant/money"
--- @include "call/unknown_calls"
--- @include "call/attempt_phase"
--- @include "call/unreadable"
--- @include "call/prices"
--- @include "job/ending"
--- @include "tenant/problems"
local job, call, attempt, verdict = arg.job, arg.call, arg.attempt, arg.verdict
local reused = arg.reused
local ok, empty, failed, items, cost = arg.ok, arg.empty, arg.failed, arg.items, arg.cost
local keep, unpriced, at, code, id = arg.keeps_doubt, arg.unpriced, arg.sent_at, arg.code, arg.id
-- A job stops after this many calls in a row whose parameters are refused.
local MOST_REFUSALS = 3
local key, base = call_key(job, call), job_key(job)
local phase, state, last = phase_of(job, call, attempt)

local function plan_follower(follower, rows)
  add(job, 'open', 1)
  add(job, 'planned', 1)
  redis.call('HSET', call_key(job, follower), 'state', 'planned', 'rows', whole(rows))
  redis.call('SADD', live_key(job), follower)
  redis.call('RPUSH', ready_key(job), follower)
  enlist(job)
end

-- A job with fewer calls stops when all of them are refused.
local function count_refusal()
  local known = redis.call('HMGET', base, 'status', 'roots', 'done')
  local most = number_of(known[3]) == 0 and math.min(MOST_REFUSALS, number_of(known[2])) or MOST_REFUSALS
  local stoppable = known[1] == 'running' or known[1] == 'paused'
  if redis.call('HINCRBY', base, 'refusals', 1) >= most and stoppable then
    end_job(job, { from = known[1], to = 'failed', action = 'fail', by = 'system', reason = arg.refusal })
  end
end

-- Notes which rows the call decided, in case its stored answer breaks.
local function note_shares()
  if empty + failed == 0 or (verdict == 'failed' and ok + empty == 0) then
    return
  end
  if ok == 0 and failed == 0 then
    redis.call('SETBIT', empty_key(job), call, 1)
  else
    redis.call('HSET', mixed_key(job), call, whole(empty) .. ',' .. whole(failed))
  end
end

local function answer(result, has_changed, missed_from)
  return cjson.encode({ result = result, last = closable(job), changed = has_changed or false,
    missed_from = missed_from or attempt })
end

if phase == 'early' then
  return answer('early')
end
-- Copies do not settle a call while a request of it may be executed: the cost of that request would never be looked up.
if reused.whole and (state == 'sending' or state == 'unknown') then
  return answer('repeated')
end
if phase == 'settled' or phase == 'over' then
  local by = phase == 'settled' and (redis.call('HGET', attempts_key(job), call) or '1')
  if unpriced and by ~= attempt and redis.call('EXISTS', base) == 1 then
    local _, counted = counted_cost(job, call, attempt, id)
    if not counted then
      -- What it may have cost stays in doubt.
      keep_unpriced(job, call, attempt, { held = 0, at = at, nonce = id.nonce })
    end
    return answer('repeated')
  end
  if by == attempt or not waste(job, call, attempt, { cost = cost, at = at, task = id.task, nonce = id.nonce }) then
    return answer('repeated')
  end
  changed(job)
  return answer('late')
end

-- A cost that was counted before, as lost, is not counted again.
local name, counted = counted_cost(job, call, attempt, id)
local current, held, held_at = phase == 'current', nil, nil
if not keep and not unpriced then
  end_blindness(job, call, attempt, id.nonce)
end
if current and state == 'unknown' and keep then
  -- The reserved money stays unconfirmed, unless the answer still comes.
  held, held_at = note_fate(job, call, attempt, { kind = 'blind', task = id.task })
  add(job, 'unknown', -1)
else
  held, held_at = stop_waiting(job, call, state)
  held_at = current and at or held_at
end
local first_missed = attempt
if not current then
  add(job, 'attempts', reused.whole and 0 or 1)
  first_missed = whole(held and last or last + 1)
end
if unpriced and counted then
  -- The upstream's record has already shown the cost.
  cost = counted
elseif unpriced then
  keep_unpriced(job, call, attempt, { held = current and held or 0, at = at, nonce = id.nonce })
  held = current and held and 0 or held
  redis.call('HSET', base, 'price_ok', '1')
end
if counted then
  add(job, 'wasted', -counted)
  redis.call('HDEL', lost_key(job), name)
end
if cost > 0 then
  -- If an answer leaves targets out, nobody knows how many items were charged.
  if verdict == 'stored' and failed == 0 then
    learn_price(job, items - reused.items + arg.surplus, cost)
  end
  local dearer = current and held and not keep and not counted and cost > held
  redis.call('HSET', base, 'price_ok', dearer and '0' or '1')
end
-- If a page of a list is damaged, its row fails and no further page is bought.
local is_broken = verdict == 'stored' and follows_damage(job, call)
if is_broken then
  failed, ok, empty, code = failed + ok + empty, 0, 0, 'answer_damaged'
end
forget_call(job, call)
redis.call('SETBIT', verdict == 'failed' and failed_key(job) or stored_key(job), call, 1)
if verdict == 'failed' and code == 'answer_damaged' then
  redis.call('SETBIT', damaged_key(job), call, 1)
end
if attempt ~= '1' then
  redis.call('HSET', attempts_key(job), call, attempt)
else
  -- A job that came back from storage may have an entry for a call that is still open: see take-snapshot.ts.
  redis.call('HDEL', attempts_key(job), call)
end
add(job, verdict == 'failed' and 'failed_calls' or 'done', 1)
add(job, 'ok', ok)
add(job, 'empty', empty)
add(job, 'failed', failed)
if failed > 0 then
  redis.call('HINCRBY', codes_key(job), code, whole(failed))
  note_problem(tenant_of(job), { kind = 'call', code = code, job = string.match(job, '/(.+)$') })
end
decide(job, ok + empty + failed)
note_shares()
add(job, 'items', items)
add(job, 'reused', reused.rows)
if arg.latency_ms then
  note_latency(job, arg.latency_ms)
end
local lost_cost = arg.is_lost and cost or 0
local added = cost - (counted or 0)
spend(job, at, added)
add(job, 'wasted', lost_cost)
book(job, at, {
  calls = (counted or keep or reused.whole) and 0 or 1,
  items = items - reused.items,
  spent = added,
  wasted = lost_cost - (counted or 0),
})
if arg.simulated ~= nil then
  local simulated = arg.simulated and '1' or '0'
  -- What was copied says nothing about the upstream as it is now.
  redis.call(reused.whole and 'HSETNX' or 'HSET', origins_key, redis.call('HGET', base, 'upstream_host') or '', simulated)
  -- Simulated and real data together count as simulated.
  redis.call(simulated == '1' and 'HSET' or 'HSETNX', base, 'simulated', simulated)
end
add(job, 'open', -1)
local ended = is_ended(job)
if verdict ~= 'failed' and #arg.followers > 0 and not is_broken then
  redis.call('SETBIT', continued_key(job), call, 1)
end
for _, follower in ipairs(arg.followers) do
  local rows = follower.rows
  if is_broken then
    decide(job, rows)
    add(job, 'failed', rows)
    count_code(job, code, rows)
  elseif ended then
    decide(job, rows)
    add(job, 'skipped', rows)
  else
    plan_follower(follower.call, rows)
  end
end
if held then
  free_money(job, held_at, held)
end
if arg.refusal then
  count_refusal()
elseif verdict == 'stored' and not reused.whole then
  redis.call('HDEL', base, 'refusals')
end
local form, has_changed = form_of(job), false
if code == 'answer_unreadable' and failed > 0 then
  -- An answer to a call that waits to be sent is old: it was read again, or came late.
  has_changed = state ~= 'planned' and note_unreadable(form, at)
elseif verdict == 'stored' and ok + items > 0 and not reused.whole then
  -- An empty answer or a refusal would look the same in another form, so it proves nothing.
  note_readable(form, at)
end
if has_changed then
  pause_changed(job)
end
moved(job)
return answer('settled', has_changed, first_missed)
