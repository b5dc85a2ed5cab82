-- Included by scripts that must know whether answers of an endpoint can be read. A tenant has met a change of their
-- form when MOST_UNREADABLE of its answers in a row could not be read. When two tenants have met it, it holds for all.
-- Until an answer can be read again, each tenant for which the change holds sends one call of the endpoint at a time:
-- the trial.
-- `unreadable_key(host, endpoint)` holds for each tenant `count:acme` (its unreadable answers in a row), `since:acme`
-- (when it met the change, ms) and `trial:acme` (its last trial), and for all tenants `since` (when the change began to
-- hold for all). `met_key(host, endpoint)` holds the tenants that have met it. `to_pause_key` says whose jobs are still to
-- be paused: see pause_changed.lua.
--- @include "redis/shared"
local MOST_UNREADABLE, EVERYBODY_FROM = 3, 2

local function form_of(job)
  local known = redis.call('HMGET', job_key(job), 'upstream_host', 'endpoint')
  local host, endpoint, tenant = known[1] or '', known[2] or '', tenant_of(job)
  local key = unreadable_key(host, endpoint)
  local fields = redis.call('HMGET', key, 'count:' .. tenant, 'since:' .. tenant, 'since', 'trial:' .. tenant)
  return {
    key = key,
    met = met_key(host, endpoint),
    endpoint = endpoint .. ' ' .. host .. ' ',
    tenant = tenant,
    count = number_of(fields[1]),
    since = tonumber(fields[2] or ''),
    since_for_all = tonumber(fields[3] or ''),
    trial = fields[4],
  }
end

-- Called when an answer with items was read. An answer to a call that was sent before the change was met says nothing
-- about the time after it.
local function note_readable(form, sent_at)
  if form.count > 0 and sent_at >= (form.since or 0) then
    local tenant = form.tenant
    redis.call('HDEL', form.key, 'count:' .. tenant, 'since:' .. tenant, 'trial:' .. tenant)
    redis.call('SREM', form.met, tenant)
    redis.call('HDEL', to_pause_key, form.endpoint .. tenant)
  end
  -- Tenants that met the change before no longer count: otherwise one tenant alone could make all others pause again.
  if form.since_for_all and sent_at >= form.since_for_all then
    redis.call('HDEL', form.key, 'since')
    redis.call('DEL', form.met)
    redis.call('HDEL', to_pause_key, form.endpoint)
  end
end

-- Returns whether the tenant's jobs of the endpoint must pause: it met the change just now, or a trial met it again.
-- Other tenants whose jobs must pause are in `to_pause_key`.
local function note_unreadable(form, sent_at)
  local tenant, now = form.tenant, whole(now_ms())
  local count = redis.call('HINCRBY', form.key, 'count:' .. tenant, 1)
  local is_met = count >= MOST_UNREADABLE
  if not is_met and not form.since_for_all then
    return false
  end
  if is_met and not form.since then
    redis.call('HSET', form.key, 'since:' .. tenant, now)
  end
  local is_new = is_met and redis.call('SADD', form.met, tenant) == 1
  if is_new and not form.since_for_all and redis.call('SCARD', form.met) >= EVERYBODY_FROM then
    redis.call('HSET', form.key, 'since', now)
    redis.call('HSET', to_pause_key, form.endpoint, now)
  elseif sent_at >= (form.since or form.since_for_all or 0) then
    -- Calls that were in flight when the change was met tell nothing new.
    redis.call('HSET', to_pause_key, form.endpoint .. tenant, now)
  end
  return true
end

-- Whether a call of a job must wait for the end of a trial, or of calls that the job had in flight before.
local function waits_for_trial(job, form)
  if not (form.since or form.since_for_all) then
    return false
  end
  local sent = redis.call('HMGET', job_key(job), 'in_flight', 'unknown')
  if number_of(sent[1]) + number_of(sent[2]) > 0 then
    return true
  end
  if not form.trial then
    return false
  end
  local trial_job, trial_call = split_ref(form.trial)
  local state = redis.call('HGET', call_key(trial_job, trial_call), 'state')
  return state == 'sending' or state == 'unknown'
end

local function note_trial_call(job, call, form)
  if form.since or form.since_for_all then
    redis.call('HSET', form.key, 'trial:' .. form.tenant, call_ref(job, call))
  end
end
