-- Makes a job, whole or not at all. Making the job of a watch's run again changes nothing.
-- Takes job, and
--   fields (of its hash), history (its first entry, JSON), group_id, group (JSON)
--   on_overlap: 'allow' | 'reject' (refuse while another job of its tag and endpoint is not finished)
--   key, with an idempotency key: hash, owner, digest, bytes
--   installation: the one that Redis must know; nil for any
--   run_of, for the job of a watch's open run: watch, version, tick, asks_storage (storage may have answers of the job)
--   tasks, if it answers tasks in the vendor's form: 'live' | 'standard'
-- Answers kind: 'accepted'
--   | 'taken': another request has the key
--   | 'overlap', with the id of the other job
--   | 'given_up': its upload was silent for so long that its rows may be gone
--   | 'lost': Redis no longer knows the installation, and a new job would be in the way of those to be recovered
--   | 'stale': the watch was changed or deleted, or the job was removed meanwhile
--- @include "job/indexes"
local job, claimed = arg.job, arg.key
local tenant, id = string.match(job, '^([^/]+)/([^/]+)$')
local base = job_key(job)
local key = idempotency_key(tenant, claimed and claimed.hash or '')
local run_of = arg.run_of
local watch = watch_state_key(tenant, run_of and run_of.watch or '')

-- The answer if the job of the run must not be made, or exists already; nil if it is to be made.
local function kind_of_run()
  local known = redis.call('HMGET', watch, 'version', 'tick', 'job')
  if number_of(known[1]) ~= run_of.version or tonumber(known[2] or '') ~= run_of.tick then
    return 'stale'
  elseif known[3] == id then
    redis.call('ZREM', uploads_key, job)
    return 'accepted'
  elseif redis.call('HEXISTS', job_usage_key(job), 'removed_at') == 1 then
    return 'stale'
  elseif redis.call('EXISTS', base) == 1 then
    redis.call('HSET', watch, 'job', id)
    redis.call('ZREM', uploads_key, job)
    return 'accepted'
  end
  return nil
end

if arg.installation and redis.call('HGET', installation_key, 'id') ~= arg.installation then
  return cjson.encode({ kind = 'lost' })
end
local kind = run_of and kind_of_run()
if kind then
  return cjson.encode({ kind = kind })
end
if not redis.call('ZSCORE', uploads_key, job) then
  return cjson.encode({ kind = 'given_up' })
end
if claimed then
  local held = redis.call('HMGET', key, 'owner', 'job')
  -- A claim that has run out still counts while no other request has made one.
  if held[2] or (held[1] and held[1] ~= claimed.owner) then
    return cjson.encode({ kind = 'taken' })
  end
end
for field, value in pairs(arg.fields) do
  redis.call('HSET', base, field, value)
end
local unfinished = unfinished_beside(job)
local other = arg.on_overlap == 'reject' and redis.call('SRANDMEMBER', unfinished)
if other then
  redis.call('DEL', base)
  return cjson.encode({ kind = 'overlap', id = string.match(other, '/([^/]+)$') })
end
if claimed then
  redis.call('HSET', key, 'job', id, 'digest', claimed.digest, 'bytes', whole(claimed.bytes))
  redis.call('PERSIST', key)
  redis.call('HSET', base, 'idempotency', key)
end
local known = redis.call('HMGET', base, 'upstream_host', 'tag')
local simulated = redis.call('HGET', origins_key, known[1])
-- If another epoch begins, storage is asked for a call's answer before the call is sent: see grant.lua.
local epoch = run_of and run_of.asks_storage and 'none' or redis.call('GET', epoch_key) or ''
redis.call('HSET', base, 'moved_at', whole(now_ms()), 'epoch', epoch)
if simulated then
  redis.call('HSET', base, 'simulated', simulated)
end
redis.call('RPUSH', history_key(job), arg.history)
redis.call('SADD', unfinished, job)
redis.call('ZADD', jobs_key(tenant), 0, id)
redis.call('ZADD', tag_key(tenant, known[2]), 0, id)
if arg.tasks then
  redis.call('ZADD', task_jobs_key(tenant), 0, id)
end
if arg.tasks == 'standard' then
  redis.call('ZADD', uncollected_key(tenant), whole(now_ms()), id)
end
if known[2] ~= id then
  -- A job without a tag of its own belongs to no series, and is not listed among tags.
  redis.call('ZADD', tags_key(tenant), 0, known[2])
end
redis.call('SET', usage_group_key(tenant, arg.group_id), arg.group, 'PX', whole(USAGE_KEPT_MS))
redis.call('SADD', tenants_key, tenant)
redis.call('SADD', active_key, job)
redis.call('ZREM', uploads_key, job)
if run_of then
  redis.call('HSET', watch, 'job', id)
end
changed(job)
return cjson.encode({ kind = 'accepted' })
