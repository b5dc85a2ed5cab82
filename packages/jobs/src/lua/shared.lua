-- Put before every script. KEYS[1] is the prefix of all keys; every other key is derived from it here, as keys.ts does
-- for the TypeScript side. One Redis, no cluster: the scripts reach keys that they name themselves.
-- A job is `<tenant>/<id>`, a call `<tenant>/<id>/<number>`.
local root = KEYS[1]

local function now_us()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function now_ms()
  return math.floor(now_us() / 1000)
end

-- Lua writes large numbers as 1.8e+15; Redis wants all digits.
local function whole(number)
  return string.format('%.0f', number)
end

local function job_key(job)
  return root .. ':job:' .. job
end

local function call_key(job, call)
  return job_key(job) .. ':call:' .. call
end

local function call_ref(job, call)
  return job .. '/' .. call
end

local function split_ref(ref)
  local tenant, id, call = string.match(ref, '^([^/]+)/([^/]+)/(%d+)$')
  return tenant .. '/' .. id, call
end

local function changed(job)
  redis.call('HINCRBY', job_key(job), 'version', 1)
  redis.call('PUBLISH', root .. ':changes', job)
end

local function add(job, field, by)
  redis.call('HINCRBY', job_key(job), field, whole(by))
end

local function number_of(value)
  return tonumber(value or '0') or 0
end

-- Puts a job into its tenant's ring, and the tenant into the ring of tenants, once each.
local function enlist(job)
  local tenant, id = string.match(job, '^([^/]+)/([^/]+)$')
  if redis.call('SADD', root .. ':ring:members', job) == 1 then
    redis.call('RPUSH', root .. ':ring:' .. tenant, id)
    if redis.call('SADD', root .. ':ring:tenants', tenant) == 1 then
      redis.call('RPUSH', root .. ':ring', tenant)
    end
  end
end

-- Takes a call out of every waiting place.
local function unplace(ref)
  redis.call('ZREM', root .. ':window', ref)
  redis.call('ZREM', root .. ':later', ref)
  redis.call('ZREM', root .. ':sending', ref)
  redis.call('ZREM', root .. ':unknown', ref)
end

local function forget_call(job, call)
  unplace(call_ref(job, call))
  redis.call('DEL', call_key(job, call))
  redis.call('SREM', job_key(job) .. ':live', call)
end

-- The rows of a call that will not be sent any more become skipped; 1 when this was the last open call.
local function skip_call(job, call, rows)
  forget_call(job, call)
  add(job, 'pending', -rows)
  add(job, 'skipped', rows)
  return redis.call('HINCRBY', job_key(job), 'open', -1) <= 0 and 1 or 0
end

-- A call that was sending or unknown is to be sent again: at once, or at a time in ms. Cancelled jobs send nothing.
local function plan_again(job, call, at)
  local key = call_key(job, call)
  local rows = number_of(redis.call('HGET', key, 'rows'))
  if redis.call('HGET', job_key(job), 'status') == 'cancelled' then
    return skip_call(job, call, rows)
  end
  unplace(call_ref(job, call))
  redis.call('HSET', key, 'state', 'planned')
  if at then
    redis.call('ZADD', root .. ':later', whole(at), call_ref(job, call))
  else
    redis.call('LPUSH', job_key(job) .. ':ready', call)
    enlist(job)
  end
  return 0
end

-- The reservation of a call that is no longer sending goes back to the job.
local function unreserve(job, call)
  local reserved = number_of(redis.call('HGET', call_key(job, call), 'reserved'))
  add(job, 'in_flight', -1)
  add(job, 'reserved', -reserved)
  return reserved
end
