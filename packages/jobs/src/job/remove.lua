-- Takes a finished job out of Redis, whole. Its bytes in storage are removed later, and again once no answer can come.
-- Takes job. Answers result: 'done' | 'refused' | 'closing' (it is finished, but its end is not announced yet) |
-- 'gone'; and status.
--- @include "job/indexes"
--- @include "job/keys_of_job"
--- @include "events/deliveries"
local job = arg.job
local base = job_key(job)

local function unlink(key)
  redis.call('UNLINK', key)
end

local tenant, id = string.match(job, '^([^/]+)/([^/]+)$')
local known = redis.call('HMGET', base, 'status', 'finished_at', 'tag', 'idempotency', 'run')
local status, tag = known[1], known[3]
local refusal = refusal_of(job, status, known[2])
if refusal then
  return cjson.encode({ result = refusal, status = status or '' })
end
if known[4] then
  redis.call('DEL', known[4])
end
local of_tag = tag_key(tenant, tag)
redis.call('ZREM', of_tag, id)
if redis.call('EXISTS', of_tag) == 0 then
  redis.call('ZREM', tags_key(tenant), tag)
end
redis.call('ZREM', jobs_key(tenant), id)
redis.call('ZREM', task_jobs_key(tenant), id)
redis.call('ZREM', uncollected_key(tenant), id)
redis.call('ZREM', expiring_key, job)
redis.call('SREM', unfinished_beside(job), job)
delist(job)
for _, call in ipairs(redis.call('SMEMBERS', live_key(job))) do
  forget_call(job, call)
end
each_key_of(job, unlink)
forget_deliveries_of(job)
redis.call('DEL', base)
redis.call('HSET', job_usage_key(job), 'removed_at', whole(now_ms()))
redis.call('ZADD', removed_key, whole(now_ms()), job)
changed(job)
return cjson.encode({ result = 'done', status = status })
