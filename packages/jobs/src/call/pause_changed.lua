-- Pauses jobs of an endpoint whose answers can no longer be read, batch by batch, because there may be thousands.
-- Takes endpoint, host, tenant ('' for all tenants), since (the ms in `to_pause_key`), jobs, is_last (no more jobs
-- follow).
-- Answers how many it has paused. A job that a user has resumed since then goes on, one call at a time. Nothing is
-- paused once an answer could be read.
--- @include "job/ending"
local endpoint, host, tenant, since = arg.endpoint, arg.host, arg.tenant, arg.since
local to_pause, field = to_pause_key, endpoint .. ' ' .. host .. ' ' .. tenant
local paused = 0
if redis.call('HGET', to_pause, field) ~= since then
  return 0
end
for _, job in ipairs(arg.jobs) do
  local known = redis.call('HMGET', job_key(job), 'endpoint', 'upstream_host', 'resumed_at')
  local is_of_it = known[1] == endpoint and known[2] == host and (tenant == '' or string.match(job, '^([^/]+)/') == tenant)
  if is_of_it and not (known[3] and tonumber(known[3]) >= tonumber(since)) and pause_changed(job) then
    paused = paused + 1
  end
end
if arg.is_last then
  redis.call('HDEL', to_pause, field)
end
return paused
