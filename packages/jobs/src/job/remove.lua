-- Takes a finished job out of Redis, whole. What is left in storage is removed later, until nothing can come any more.
-- ARGV: job
-- Returns {'done' | 'refused' | 'closing' | 'gone', its status}. `closing`: it is finished, and its end not announced yet.
--- @include "job/indexes"
--- @include "events/deliveries"
local job = ARGV[1]
local base = job_key(job)
local tenant, id = string.match(job, '^([^/]+)/([^/]+)$')
local known = redis.call('HMGET', base, 'status', 'finished_at', 'tag', 'idempotency', 'run')
local status, tag = known[1], known[3]
if not status then
  return { 'gone', '' }
end
if not known[2] then
  return { 'refused', status }
end
if redis.call('SISMEMBER', root .. ':active', job) == 1 then
  return { 'closing', status }
end
if known[4] then
  redis.call('DEL', known[4])
end
local of_tag = root .. ':tag:' .. tenant .. ':' .. tag
redis.call('ZREM', of_tag, id)
if redis.call('EXISTS', of_tag) == 0 then
  redis.call('ZREM', root .. ':tag-names:' .. tenant, tag)
end
redis.call('ZREM', root .. ':jobs:' .. tenant, id)
redis.call('ZREM', root .. ':expiring', job)
redis.call('SREM', unfinished_key(job), job)
delist(job)
for _, call in ipairs(redis.call('SMEMBERS', base .. ':live')) do
  forget_call(job, call)
end
for run = 2, number_of(known[5]) do
  redis.call('UNLINK', base .. ':retried:' .. run)
end
for _, part in ipairs({ 'history', 'live', 'ready', 'stored', 'failed', 'attempts', 'fates', 'splits', 'lost', 'codes', 'continued',
  'empty', 'mixed', 'damaged', 'partly' }) do
  redis.call('UNLINK', base .. ':' .. part)
end
forget_deliveries_of(job)
redis.call('DEL', base)
redis.call('ZADD', root .. ':removed', whole(now_ms()), job)
changed(job)
return { 'done', status }
