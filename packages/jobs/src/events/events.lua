-- Included by scripts that make events. Webhooks deliver them, and GET /v1/events lists them.
-- The script of a transition makes its event, so that no crash can come between the two. The event stays in the outbox
-- until a worker has made its delivery. Its place in the tenant's stream gives its order, and its id.
--- @include "redis/shared"
--- @include "tenant/problems"
local MOST_EVENTS = 100000
-- The clocks that give jobs their ids may differ from Redis' clock. An event of a job must never be older than the
-- tenant's first job.
local MARGIN_MS = 86400000
-- Fields for which 0 and absence differ.
local SHOWN_AT_ZERO = { simulated = true }
-- Fields that events leave out, because the job's description has them or they are internal.
local LEFT_OUT = { doc = true, endpoint = true, tag = true, retention_days = true, group = true, upstream_host = true,
  on_budget = true, epoch = true, next = true, price_ok = true, event = true, hooked = true }

-- Whether a field of a job means anything else than a missing field.
local function is_meaningful(field, value)
  return value ~= '' and value ~= '0' or SHOWN_AT_ZERO[field]
end

-- Removes events that are older than every job: they are of no use.
local function forget_old_events(tenant)
  local oldest = redis.call('ZRANGE', jobs_key(tenant), 0, 0)[1]
  local born = oldest and tonumber(string.sub(oldest, 5, 13), 36)
  if born and born > MARGIN_MS then
    redis.call('XTRIM', events_key(tenant), 'MINID', '~', whole(born - MARGIN_MS))
  end
end

-- Adds an event. `event`: field names, each followed by its value. Returns its place.
local function emit(tenant, event)
  local place = redis.call('XADD', events_key(tenant), 'MAXLEN', '~', MOST_EVENTS, '*', unpack(event))
  redis.call('ZADD', outbox_key, whole(now_ms()), tenant .. '/' .. place)
  forget_old_events(tenant)
  return place
end

-- The event holds the job as it is now, without what never changes, so that its delivery has the same body at every
-- attempt.
local function emit_of_job(job, type)
  local base = job_key(job)
  local tenant, id = string.match(job, '^([^/]+)/([^/]+)$')
  local state, known = {}, redis.call('HGETALL', base)
  for at = 1, #known, 2 do
    if not LEFT_OUT[known[at]] and is_meaningful(known[at], known[at + 1]) then
      state[known[at]] = known[at + 1]
    end
  end
  local lines = redis.call('LLEN', history_key(job))
  local place = emit(tenant, { 'type', type, 'job', id, 'lines', whole(lines), 'state', cjson.encode(state) })
  redis.call('HSET', base, 'event', place)
  local reason = state.reason or ''
  -- A pause by the user is no problem.
  if type == 'job.paused' and reason ~= '' and reason ~= 'user' and reason ~= 'manual_start' then
    note_problem(tenant, { kind = 'pause', code = reason, job = id })
  end
end

-- Adds an event of the account for every tenant.
local function emit_of_account(type, host, reason)
  for _, tenant in ipairs(redis.call('SMEMBERS', tenants_key)) do
    emit(tenant, { 'type', type, 'host', host, 'reason', reason })
  end
end
