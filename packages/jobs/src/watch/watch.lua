-- Included by scripts that change a watch. A watch is `<tenant>/<name>` in `watch-ticks` and `watches-open`.
--- @include "events/events"
local MOST_RUNS_KEPT = 100

local function watch_ref(tenant, name)
  return tenant .. '/' .. name
end

-- A watch is part of its tenant's snapshot.
local function watch_changed(tenant)
  redis.call('ZADD', unkept_key, 'NX', whole(now_ms()), tenant)
end

local function set_next_tick(tenant, name, next)
  redis.call('HSET', watch_state_key(tenant, name), 'next_at', whole(next))
  redis.call('ZADD', watch_ticks_key, whole(next), watch_ref(tenant, name))
end

-- A watch that is run, or is not to be run, is not behind.
local function forget_skipped(tenant, name)
  redis.call('HDEL', watch_state_key(tenant, name), 'skipped')
  redis.call('SREM', watches_behind_key, watch_ref(tenant, name))
end

local function keep_run(tenant, name, run)
  redis.call('LPUSH', watch_runs_key(tenant, name), run)
  redis.call('LTRIM', watch_runs_key(tenant, name), 0, MOST_RUNS_KEPT - 1)
end

-- Adds an event of the watch. `data`: JSON.
local function emit_of_watch(tenant, name, event)
  emit(tenant, { 'type', event.type, 'watch', name, 'data', event.data, 'target', event.target })
end

-- The id of a job of the watch that is not finished: of the open run, or an earlier one that is run again. Empty while
-- the open run has no job yet; nil if there is none.
local function unfinished_run(tenant, name)
  local known = redis.call('HMGET', watch_state_key(tenant, name), 'tick', 'job', 'endpoint', 'tag')
  if known[1] then
    return known[2] or ''
  end
  for _, job in ipairs(redis.call('SMEMBERS', unfinished_key(tenant, known[3] or '', known[4] or ''))) do
    if redis.call('HGET', job_key(job), 'watch') == name then
      return string.match(job, '/([^/]+)$')
    end
  end
  return nil
end

-- Opens a run. Its job is made by accept.lua.
local function open_run(tenant, name, tick, by)
  local state = watch_state_key(tenant, name)
  redis.call('HSET', state, 'tick', whole(tick), 'tick_by', by, 'tick_version', redis.call('HGET', state, 'version'))
  redis.call('SADD', watches_open_key, watch_ref(tenant, name))
  forget_skipped(tenant, name)
  watch_changed(tenant)
end

local function close_run(tenant, name)
  redis.call('HDEL', watch_state_key(tenant, name), 'tick', 'tick_by', 'tick_version', 'job')
  redis.call('SREM', watches_open_key, watch_ref(tenant, name))
  watch_changed(tenant)
end
