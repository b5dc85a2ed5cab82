-- Fails the rows of a settled call whose stored answer is broken, once.
-- Takes job, call, attempt, kind ('bulk' | 'list'), rows (the call's rows without those that a later run took up),
-- root, step (the distance to the calls that may follow it), failed_code (of its failed rows, if known), counts (empty
-- and failed rows by its header; nil if the header is broken too), is_later (the damaged page belongs to an earlier
-- run: the call's own answer is whole or has not come, but the row needs that page too).
-- Answers result: 'damaged' | 'repeated' | 'stale', and last
-- A call that was split decides no rows: its halves do. Skipped rows stay skipped. Rows that this call failed get the
-- code answer_damaged, because the answer that said why they failed is gone.
--- @include "redis/shared"
--- @include "tenant/problems"
local job, call, rows, root_call, step = arg.job, tonumber(arg.call), arg.rows, arg.root, arg.step
local base = job_key(job)

local function has(bitmap, at)
  return redis.call('GETBIT', bitmap, whole(at)) == 1
end

local function is_stale()
  return not is_settled(job, whole(call)) or (redis.call('HGET', attempts_key(job), arg.call) or '1') ~= arg.attempt
end

if redis.call('EXISTS', base) == 0 or not arg.is_later and is_stale() then
  return step_answer('stale', job)
end
if has(damaged_key(job), call) then
  return step_answer('repeated', job)
end

-- Whether a later run took up the rows that had failed or were skipped.
local function is_retried()
  for run = 2, number_of(redis.call('HGET', base, 'run')) do
    if has(retried_key(job, run), call) then
      return true
    end
  end
  return false
end

-- Moves up to `wanted` rows from a count ('ok' or 'empty') to `failed`. Returns how many were moved.
local function take(name, wanted)
  local taken = math.max(0, math.min(wanted, number_of(redis.call('HGET', base, name))))
  add(job, name, -taken)
  add(job, 'failed', taken)
  count_code(job, 'answer_damaged', taken)
  return taken
end

-- Changes the code of failed rows to answer_damaged. If their code is not known, it takes rows from each code that a
-- call can fail with, until it has enough.
local function recode(code, wanted)
  local codes = code and { code } or { 'upstream_error', 'upstream_rejected', 'missing_in_answer', 'unconfirmed',
    'answer_unreadable', 'answer_lost' }
  for _, name in ipairs(codes) do
    local taken = math.max(0, math.min(wanted, number_of(redis.call('HGET', codes_key(job), name))))
    count_code(job, name, -taken)
    count_code(job, 'answer_damaged', taken)
    wanted = wanted - taken
  end
end

-- How many of the call's rows are empty and how many failed: by its header, or else by what was noted when it was
-- settled. Nothing was noted for calls that earlier versions settled: their rows are taken from `ok`, then from
-- `empty`.
local function shares()
  if arg.counts then
    return arg.counts.empty, arg.counts.failed
  end
  if has(empty_key(job), call) then
    return rows, 0
  end
  local mixed = redis.call('HGET', mixed_key(job), arg.call)
  local empty, failed = string.match(mixed or '0,0', '^(%d+),(%d+)$')
  return tonumber(empty), tonumber(failed)
end

local function fail_bulk()
  local code = 'missing_in_answer'
  if has(failed_key(job), call) then
    code = arg.failed_code
    if not arg.counts and redis.call('HEXISTS', mixed_key(job), arg.call) == 0 then
      return recode(code, rows)
    end
  end
  local empty, failed = shares()
  failed = is_retried() and 0 or failed
  local left = rows - failed - take('empty', empty)
  recode(code, failed)
  left = left - take('ok', left)
  take('empty', left)
end

-- Until now the row had the outcome of the list's last page.
local function fail_list()
  redis.call('HSET', base, 'damaged_pages', '1')
  if not is_settled(job, whole(call)) then
    return
  end
  local last, damaged_before = call, false
  while is_settled(job, whole(last + step)) do
    last = last + step
  end
  for page = root_call, last, step do
    damaged_before = damaged_before or has(damaged_key(job), page)
  end
  -- The last page failed, and only its answer said why: the pages before it do not matter.
  if last == call and has(failed_key(job), last) then
    if not is_retried() then
      recode(arg.failed_code, rows)
    end
    return
  end
  local state = redis.call('HGET', call_key(job, whole(last + step)), 'state')
  if damaged_before or state == 'sending' or state == 'unknown' then
    return
  end
  if state == 'planned' then
    fail_unsent_page(job, whole(last + step))
  elseif not has(failed_key(job), last) and not has(continued_key(job), last) then
    local left = rows - take(has(empty_key(job), last) and 'empty' or 'ok', rows)
    take('empty', left)
  end
end

-- Adds one entry to the job's history, even if many calls are damaged.
local function note_damage(from, to)
  local last = redis.call('LRANGE', history_key(job), -1, -1)[1]
  local entry = last and cjson.decode(last) or {}
  if entry.action ~= 'answer_damaged' or entry.to ~= to then
    note(job, { by = 'system', action = 'answer_damaged', from = from, to = to, reason = '' })
  end
end

local function judge_outcome()
  local known = redis.call('HMGET', base, 'finished_at', 'outcome', 'status')
  if not known[1] then
    return note_damage(known[3], known[3])
  end
  local outcome = outcome_of(job)
  redis.call('HSET', base, 'outcome', outcome)
  if outcome == 'none' and known[3] == 'completed' then
    redis.call('HSET', base, 'good', '0')
  end
  note_damage(known[2] or '', outcome)
end

if arg.kind == 'bulk' then
  local node = (call - root_call) / step
  local half = root_call + (2 * node + 1) * step
  local is_split = has(continued_key(job), call) or is_settled(job, whole(half)) or is_settled(job, whole(half + step))
    or redis.call('EXISTS', call_key(job, whole(half)), call_key(job, whole(half + step))) > 0
  if not is_split then
    fail_bulk()
  end
  if is_retried() then
    redis.call('SADD', partly_retried_key(job), arg.call)
  end
else
  fail_list()
end
redis.call('SETBIT', damaged_key(job), arg.call, 1)
add(job, 'damaged', 1)
local tenant, id = string.match(job, '^([^/]+)/([^/]+)$')
note_problem(tenant, { kind = 'call', code = 'answer_damaged', job = id })
judge_outcome()
changed(job)
return step_answer('damaged', job)
