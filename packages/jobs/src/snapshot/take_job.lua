-- Takes a snapshot of a job: everything that Redis has of it, at one moment. Of a removed job that is its usage. It leaves
-- out which attempts settled its calls, of which there may be a million: see take-snapshot.ts.
-- Takes job. Answers number (of the snapshot), number of the one before (0: none), time (ms), era and entries, each with
-- name, type, values and time to live (ms). The number is 0 if Redis never had anything of the job, and -1 if Redis may be
-- older than storage.
--- @include "snapshot/take"
--- @include "job/indexes"
--- @include "job/keys_of_job"
local job = arg.job
local tenant, id = string.match(job, '^([^/]+)/([^/]+)$')

local function take_calls()
  for _, call in ipairs(redis.call('SMEMBERS', live_key(job))) do
    local ref = call_ref(job, call)
    take(call_key(job, call))
    take_score(window_key, ref)
    take_score(later_key, ref)
    take_score(sending_key, ref)
    take_score(unknown_key, ref)
  end
  for _, name in ipairs(redis.call('HKEYS', fates_key(job))) do
    take_score(unpriced_key, job .. '/' .. name)
  end
end

local function take_deliveries()
  take(deliveries_of_job_key(job))
  for _, delivery in ipairs(redis.call('LRANGE', deliveries_of_job_key(job), 0, -1)) do
    take(delivery_key(delivery))
    take(delivery_attempts_key(delivery))
    take_score(deliveries_key(tenant), delivery)
    take_score(pending_deliveries_key, delivery)
    take_score(delivery_queue_key(tenant), delivery)
  end
  take_score(delivery_tenants_key, tenant)
end

-- The keys by which the job is found.
local function take_indexes(tag)
  take_score(jobs_key(tenant), id)
  take_score(task_jobs_key(tenant), id)
  take_score(uncollected_key(tenant), id)
  take_score(hooks_due_key, job)
  take_score(tag_key(tenant, tag), id)
  take_score(tags_key(tenant), tag)
  take_score(expiring_key, job)
  take_member(tenants_key, tenant)
  take_member(active_key, job)
  take_member(unfinished_beside(job), job)
end

-- What the job has cost, and the groups under which that is counted. They outlive the job.
local function take_usage(group)
  local groups = { [group or ''] = true }
  for _, name in ipairs(redis.call('HKEYS', job_usage_key(job))) do
    groups[string.match(name, '^%d+:(%x*):') or ''] = true
  end
  take(job_usage_key(job))
  for name in pairs(groups) do
    take(usage_group_key(tenant, name))
  end
end

if is_behind() and not arg.peek then
  return { '-1', '0', '0', '', {} }
end
local known = redis.call('HMGET', job_key(job), 'tag', 'idempotency', 'group')
take_usage(known[3])
if known[1] then
  each_key_of(job, function(key)
    if key ~= attempts_key(job) then
      take(key)
    end
  end)
  if known[2] then
    take(known[2])
  end
  take_calls()
  take_deliveries()
  take_indexes(known[1])
  take(job_key(job))
end
return snapshot_of(job)
