-- Included by every script. The head before it has the keys that the script names, made from schema.ts: `window_key`,
-- `call_key(job, call)`. Redis is one server, no cluster: scripts use keys that they name themselves.
-- A job is `<tenant>/<id>`, a call `<tenant>/<id>/<number>`.
--- @include "job/series"
local function call_ref(job, call)
  return job .. '/' .. call
end

local function split_ref(ref)
  local tenant, id, call = string.match(ref, '^([^/]+)/([^/]+)/(%d+)$')
  return tenant .. '/' .. id, call
end

local function changed(job)
  write_series(job)
  redis.call('ZADD', unkept_key, 'NX', whole(now_ms()), job)
  redis.call('PUBLISH', changes_key, job)
end

-- Notes that the job has moved forward, by a step or a call, so that it can be shown since when a job stands still.
local function moved(job)
  redis.call('HSET', job_key(job), 'moved_at', whole(now_ms()))
  changed(job)
end

local function add(job, field, by)
  redis.call('HINCRBY', job_key(job), field, whole(by))
  note_count(job, field, by)
end

-- Rows have an outcome now, with which Standard tasks may be ready that ask to be told.
local function decide(job, rows)
  add(job, 'pending', -rows)
  if rows > 0 and redis.call('HEXISTS', job_key(job), 'hooked') == 1 then
    redis.call('ZADD', hooks_due_key, whole(now_us()), job)
  end
end

-- 5 s, doubled each time, up to `longest`. `chance` (0 to 1) makes it a quarter shorter at most, so that accounts of
-- one upstream do not come back at the same moment. It is an argument because Redis draws the same numbers in every
-- script.
local function wait_ms(times, longest, chance)
  return math.min(longest, 5000 * 2 ^ math.min(times, 20)) * (1 - chance / 4)
end

-- Adds an entry to the job's history. `what`: by, action, from, to, reason (may be '')
local function note(job, what)
  local entry = { at = now_ms(), by = what.by, action = what.action, from = what.from, to = what.to, reason = what.reason }
  redis.call('RPUSH', history_key(job), cjson.encode(entry))
end

-- True if the job was cancelled or has failed, or its money or time is over: its calls in flight are still settled, but
-- no more are sent.
local function is_ended(job)
  local known = redis.call('HMGET', job_key(job), 'status', 'cut')
  return known[1] == 'cancelled' or known[1] == 'failed' or (known[2] and true or false)
end

-- The code of rows that are skipped because no call was sent for them. Nil if nothing has ended the job early.
local function skipping_end(status, cut)
  return status == 'cancelled' and status or status == 'failed' and 'job_failed' or cut or nil
end

-- The lowest turn of all tenants: see dispatch.lua.
local function first_turn()
  local first = redis.call('ZRANGE', turns_key, 0, 0, 'WITHSCORES')
  return number_of(first[2])
end

local function weight_of(tenant)
  return tonumber(redis.call('HGET', tenant_key(tenant), 'weight') or USUAL_WEIGHT)
end

-- Adds a job to its tenant's ring, once. A tenant that had no turn gets the next one. A tenant that comes back before
-- its turn keeps it: otherwise leaving and coming back would give more turns than staying.
local function enlist(job)
  local tenant, id = string.match(job, '^([^/]+)/([^/]+)$')
  if redis.call('SADD', ring_members_key, job) == 1 then
    redis.call('RPUSH', ring_key(tenant), id)
  end
  redis.call('ZADD', turns_key, 'NX', whole(first_turn()), tenant)
end

-- Takes a job that has nothing to dispatch, or may not, out of its tenant's ring. The tenant leaves at its next turn.
local function delist(job)
  local tenant, id = string.match(job, '^([^/]+)/([^/]+)$')
  redis.call('LREM', ring_key(tenant), 0, id)
  redis.call('SREM', ring_members_key, job)
end

-- True if nothing of the job is open and it is not closed yet; also for repeated steps, because an answer may have been
-- lost. A job is not closed while its plan is being written: readers of a closed job need its whole plan.
local function closable(job)
  local known = redis.call('HMGET', job_key(job), 'status', 'roots', 'open', 'finished_at', 'cut', 'retry', 'stored_roots')
  local decided = known[1] and (known[2] and not known[6] or is_ended(job)) and not known[7]
  return (decided and not known[4] and number_of(known[3]) <= 0) and true or false
end

-- The answer of a step of a job: its result, and whether it has left nothing open.
local function step_answer(result, job)
  return cjson.encode({ result = result, last = closable(job) })
end

-- The outcome of all rows of the job: 'complete', 'partial' or 'none'.
local function outcome_of(job)
  local rows = redis.call('HMGET', job_key(job), 'ok', 'empty', 'failed', 'skipped')
  local good, bad = number_of(rows[1]) + number_of(rows[2]), number_of(rows[3]) + number_of(rows[4])
  return good == 0 and 'none' or (bad > 0 and 'partial' or 'complete')
end

-- True if the call is settled, with results or without.
local function is_settled(job, call)
  return redis.call('GETBIT', stored_key(job), call) + redis.call('GETBIT', failed_key(job), call) > 0
end

-- Takes a call out of the window and of every list it waits in.
local function unplace(ref)
  redis.call('ZREM', window_key, ref)
  redis.call('ZREM', later_key, ref)
  redis.call('ZREM', sending_key, ref)
  redis.call('ZREM', unknown_key, ref)
end

local function forget_call(job, call)
  unplace(call_ref(job, call))
  redis.call('DEL', call_key(job, call))
  redis.call('SREM', live_key(job), call)
end

-- Skips the rows of a call that will never be sent.
local function skip_call(job, call, rows)
  forget_call(job, call)
  decide(job, rows)
  add(job, 'skipped', rows)
  add(job, 'open', -1)
end

-- True if a page of the call's list, up to its own, is damaged: see damaged.lua. A list's row needs every page, so it
-- fails, and no further page is bought. Jobs without damaged pages have no `damaged_pages`.
local function follows_damage(job, call)
  local base = job_key(job)
  local known = redis.call('HMGET', base, 'damaged_pages', 'base', 'roots')
  if not known[1] or not known[3] then
    return false
  end
  for page = tonumber(call), number_of(known[2]) + 1, -number_of(known[3]) do
    if redis.call('GETBIT', damaged_key(job), page) == 1 then
      return true
    end
  end
  return false
end

local function count_code(job, code, rows)
  if rows ~= 0 then
    redis.call('HINCRBY', codes_key(job), code, whole(rows))
  end
end

-- Settles a page that was not sent, after a damaged one, as if its own answer were damaged. It is never bought.
local function fail_unsent_page(job, call)
  local base = job_key(job)
  local known = redis.call('HMGET', call_key(job, call), 'rows', 'attempt')
  local rows = number_of(known[1])
  forget_call(job, call)
  redis.call('HSET', attempts_key(job), call, known[2] or '0')
  redis.call('SETBIT', failed_key(job), call, 1)
  redis.call('SETBIT', damaged_key(job), call, 1)
  add(job, 'failed_calls', 1)
  add(job, 'open', -1)
  decide(job, rows)
  add(job, 'failed', rows)
  count_code(job, 'answer_damaged', rows)
end

-- Takes a call without an answer out of the window, to be sent again: at once, or at a time in ms. Ended jobs send nothing.
local function plan_again(job, call, at)
  if is_ended(job) then
    skip_call(job, call, number_of(redis.call('HGET', call_key(job, call), 'rows')))
  elseif follows_damage(job, call) then
    fail_unsent_page(job, call)
  else
    unplace(call_ref(job, call))
    redis.call('HSET', call_key(job, call), 'state', 'planned')
    if at then
      redis.call('ZADD', later_key, whole(at), call_ref(job, call))
    else
      redis.call('LPUSH', ready_key(job), call)
      enlist(job)
    end
  end
  changed(job)
end
