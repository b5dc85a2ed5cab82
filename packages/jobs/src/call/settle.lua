-- The last step of a call, after its answer is stored: counts, cost, and the calls that follow it, exactly once.
-- ARGV: job, call, attempt, 'stored' | 'failed' | 'split', ok, empty, failed, items, cost (nanos), simulated 1|0 or '' where nothing was said,
--       keep unconfirmed 0|1, 1 where the cost is that of an answer that was lost, the upstream's words where it refused a
--       parameter or '', when it was sent ms, the code of its failed rows, 1 where the answer does not say what it cost, the
--       upstream's id of it or '', its nonce or '', and, for each call that follows, its number and rows
-- Returns {'settled' | 'repeated' | 'late' | 'early', 1 when nothing of the job is open any more, 1 when jobs must pause: the
--   answers of its endpoint cannot be read any more, the first of the attempts before this one that were never counted, or
--   this one}
-- A late answer, of an attempt that is no longer the current one, adds its cost and nothing else. An answer that comes
-- after its attempt was given up, but before the next one was sent, counts: it is not paid for twice. So does one of an
-- attempt that this Redis never heard of, because it lost what was written last. An early one changes nothing: the answer
-- that brings its call about is to be settled first.
--- @include "tenant/money"
--- @include "call/fates"
--- @include "call/standing"
--- @include "call/unreadable"
--- @include "call/prices"
--- @include "job/ending"
local job, call, attempt, verdict = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local ok, empty, failed, items, cost = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local simulated, keep, lost_answer, refusal = ARGV[10], ARGV[11], ARGV[12], ARGV[13]
local at, code, unpriced = tonumber(ARGV[14]), ARGV[15], ARGV[16] == '1'
local id = { task = ARGV[17], nonce = ARGV[18] }
local FIRST_FOLLOWER = 19
-- So many calls in a row whose parameters are refused stop their job, and none is accepted in between.
local MOST_REFUSALS = 3
local key, base = call_key(job, call), job_key(job)
local standing, state, last = standing_of(job, call, attempt)

local function plan_follower(follower, rows)
  add(job, 'open', 1)
  add(job, 'planned', 1)
  redis.call('HSET', call_key(job, follower), 'state', 'planned', 'rows', whole(rows))
  redis.call('SADD', live_key(job), follower)
  redis.call('RPUSH', ready_key(job), follower)
  enlist(job)
end

-- A job of fewer calls is stopped when all of them are refused.
local function count_refusal()
  local known = redis.call('HMGET', base, 'status', 'roots', 'done')
  local most = number_of(known[3]) == 0 and math.min(MOST_REFUSALS, number_of(known[2])) or MOST_REFUSALS
  local stoppable = known[1] == 'running' or known[1] == 'paused'
  if redis.call('HINCRBY', base, 'refusals', 1) >= most and stoppable then
    end_job(job, { from = known[1], to = 'failed', action = 'fail', by = 'system', reason = refusal })
  end
end

-- Which rows a call decided its answer says; where that breaks, this does.
local function note_shares()
  if verdict ~= 'stored' or (empty == 0 and failed == 0) then
    return
  end
  if ok == 0 and failed == 0 then
    redis.call('SETBIT', empty_key(job), call, 1)
  else
    redis.call('HSET', mixed_key(job), call, whole(empty) .. ',' .. whole(failed))
  end
end

if standing == 'early' then
  return { 'early', closable(job), 0, attempt }
end
if standing == 'settled' or standing == 'over' then
  local by = standing == 'settled' and (redis.call('HGET', attempts_key(job), call) or '1')
  if unpriced and by ~= attempt and redis.call('EXISTS', base) == 1 then
    local _, counted = counted_cost(job, call, attempt, id)
    if not counted then
      -- What it may have cost stays in doubt, as it was.
      keep_unpriced(job, call, attempt, { held = 0, at = at, nonce = id.nonce })
    end
    return { 'repeated', closable(job), 0, attempt }
  end
  if by == attempt or not waste(job, call, attempt, { cost = cost, at = at, task = id.task, nonce = id.nonce }) then
    return { 'repeated', closable(job), 0, attempt }
  end
  changed(job)
  return { 'late', closable(job), 0, attempt }
end

-- What was counted of it before, as lost, is not counted again.
local name, counted = counted_cost(job, call, attempt, id)
local current, held, held_at = standing == 'current', nil, nil
if keep ~= '1' and not unpriced then
  end_blindness(job, call, attempt, id.nonce)
end
if current and state == 'unknown' and keep == '1' then
  -- What is held stays unconfirmed, unless its answer comes after all.
  held, held_at = note_fate(job, call, attempt, { kind = 'blind', task = id.task })
  add(job, 'unknown', -1)
else
  held, held_at = stop_waiting(job, call, state)
  held_at = current and at or held_at
end
local first_missed = attempt
if not current then
  add(job, 'attempts', 1)
  first_missed = whole(held and last or last + 1)
end
if unpriced and counted then
  -- The record has said it.
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
  -- Nobody knows for how many items an answer was charged that leaves targets out.
  if verdict == 'stored' and failed == 0 then
    learn_price(job, items, cost)
  end
  local dearer = current and held and keep == '0' and not counted and cost > held
  redis.call('HSET', base, 'price_ok', dearer and '0' or '1')
end
-- Of a list of which a page is damaged the row fails, and nothing more is bought.
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
end
add(job, verdict == 'failed' and 'failed_calls' or 'done', 1)
add(job, 'ok', ok)
add(job, 'empty', empty)
add(job, 'failed', failed)
if failed > 0 then
  redis.call('HINCRBY', codes_key(job), code, whole(failed))
end
add(job, 'pending', -(ok + empty + failed))
note_shares()
add(job, 'items', items)
local lost_cost = lost_answer == '1' and cost or 0
local added = cost - (counted or 0)
spend(job, at, added)
add(job, 'wasted', lost_cost)
book(job, at, {
  calls = (counted or keep == '1') and 0 or 1,
  items = items,
  spent = added,
  wasted = lost_cost - (counted or 0),
})
if simulated ~= '' then
  redis.call('HSET', origins_key, redis.call('HGET', base, 'upstream_host') or '', simulated)
  -- Simulated and real data together are simulated.
  redis.call(simulated == '1' and 'HSET' or 'HSETNX', base, 'simulated', simulated)
end
add(job, 'open', -1)
local ended = is_ended(job)
if verdict ~= 'failed' and #ARGV >= FIRST_FOLLOWER and not is_broken then
  redis.call('SETBIT', continued_key(job), call, 1)
end
for at = FIRST_FOLLOWER, #ARGV, 2 do
  local rows = tonumber(ARGV[at + 1])
  if is_broken then
    add(job, 'pending', -rows)
    add(job, 'failed', rows)
    count_code(job, code, rows)
  elseif ended then
    add(job, 'pending', -rows)
    add(job, 'skipped', rows)
  else
    plan_follower(ARGV[at], rows)
  end
end
if held then
  free_money(job, held_at, held)
end
if refusal ~= '' then
  count_refusal()
elseif verdict == 'stored' then
  redis.call('HDEL', base, 'refusals')
end
local form, has_changed = form_of(job), false
if code == 'answer_unreadable' and failed > 0 then
  -- Of a call that waits to be sent it is an old answer, which was read again or comes late.
  has_changed = state ~= 'planned' and note_unreadable(form, at)
elseif verdict == 'stored' and ok + items > 0 then
  -- An empty answer, or a refusal, would look the same in another form.
  note_readable(form, at)
end
if has_changed then
  pause_changed(job)
end
moved(job)
return { 'settled', closable(job), has_changed and 1 or 0, first_missed }
