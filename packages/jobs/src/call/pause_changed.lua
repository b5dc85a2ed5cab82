-- Pauses jobs of an endpoint whose answers cannot be read any more, a batch at a time: there may be thousands.
-- ARGV: endpoint, the upstream's host, tenant ('' for everybody's), the ms that `to_pause_key` has, 1 where these are the last
--   of them, then jobs
-- Returns how many it has paused. Whoever resumed a job since means it to go on, one call at a time; and nothing is paused where
-- an answer was read meanwhile.
--- @include "job/ending"
local endpoint, host, tenant, at, last = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local FIRST_JOB = 6
local to_pause, field = to_pause_key, endpoint .. ' ' .. host .. ' ' .. tenant
local paused = 0
if redis.call('HGET', to_pause, field) ~= at then
  return 0
end
for n = FIRST_JOB, #ARGV do
  local job = ARGV[n]
  local known = redis.call('HMGET', job_key(job), 'endpoint', 'upstream_host', 'resumed_at')
  local is_of_it = known[1] == endpoint and known[2] == host and (tenant == '' or string.match(job, '^([^/]+)/') == tenant)
  if is_of_it and not (known[3] and tonumber(known[3]) >= tonumber(at)) and pause_changed(job) then
    paused = paused + 1
  end
end
if last == '1' then
  redis.call('HDEL', to_pause, field)
end
return paused
