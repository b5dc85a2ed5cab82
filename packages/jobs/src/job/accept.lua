-- Makes a job exist, whole or not at all.
-- ARGV: job, id of its usage group, that group (JSON), ms that usage is kept, the first line of its
--   history (JSON), 'allow' | 'reject' where another job of its tag and endpoint is not finished, the hash of its idempotency
--   key or '', who holds that key, the digest and the bytes of the request; then names and values of the job's hash
-- Returns {'accepted', ''} | {'taken', ''}: another request holds the key | {'overlap', id of the other job} |
--   {'given_up', ''}: its upload was silent for so long that its rows may be gone
--- @include "job/indexes"
local job, group_id, group, usage_kept, history = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local on_overlap, hash, owner, digest, bytes = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local FIRST_FIELD = 11
local tenant, id = string.match(job, '^([^/]+)/([^/]+)$')
local base = job_key(job)
local key = idempotency_key(tenant, hash)

if not redis.call('ZSCORE', uploads_key, job) then
  return { 'given_up', '' }
end
if hash ~= '' then
  local held = redis.call('HMGET', key, 'owner', 'job')
  -- A lease that nobody took after it ended is still ours.
  if held[2] or (held[1] and held[1] ~= owner) then
    return { 'taken', '' }
  end
end
for at = FIRST_FIELD, #ARGV, 2 do
  redis.call('HSET', base, ARGV[at], ARGV[at + 1])
end
local unfinished = unfinished_beside(job)
local other = on_overlap == 'reject' and redis.call('SRANDMEMBER', unfinished)
if other then
  redis.call('DEL', base)
  return { 'overlap', string.match(other, '/([^/]+)$') }
end
if hash ~= '' then
  redis.call('HSET', key, 'job', id, 'digest', digest, 'bytes', bytes)
  redis.call('PERSIST', key)
  redis.call('HSET', base, 'idempotency', key)
end
local known = redis.call('HMGET', base, 'upstream_host', 'tag')
local simulated = redis.call('HGET', origins_key, known[1])
-- Under another epoch than this storage is asked for a call's answer before the call is sent: see grant.lua.
redis.call('HSET', base, 'moved_at', whole(now_ms()), 'epoch', redis.call('GET', epoch_key) or '')
if simulated then
  redis.call('HSET', base, 'simulated', simulated)
end
redis.call('RPUSH', history_key(job), history)
redis.call('SADD', unfinished, job)
redis.call('ZADD', jobs_key(tenant), 0, id)
redis.call('ZADD', tag_key(tenant, known[2]), 0, id)
if known[2] ~= id then
  -- A job without a tag of its own is no series: its id is no name to look for.
  redis.call('ZADD', tags_key(tenant), 0, known[2])
end
redis.call('SET', usage_group_key(tenant, group_id), group, 'PX', usage_kept)
redis.call('SADD', tenants_key, tenant)
redis.call('SADD', active_key, job)
redis.call('ZREM', uploads_key, job)
return { 'accepted', '' }
