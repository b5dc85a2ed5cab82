-- Included by scripts that make a job, close it, run it again or remove it: the keys by which a job is found.
--- @include "redis/shared"

-- The jobs of its tag and endpoint that are not finished.
local function unfinished_beside(job)
  local known = redis.call('HMGET', job_key(job), 'endpoint', 'tag')
  return unfinished_key(string.match(job, '^([^/]+)/'), known[1] or '', known[2] or '')
end

-- Why a job can be neither run again nor removed: 'gone', 'refused' (it is not finished), or 'closing' (its end is not
-- announced yet). Nil if it can.
local function refusal_of(job, status, finished_at)
  if not status then
    return 'gone'
  elseif not finished_at then
    return 'refused'
  end
  return redis.call('SISMEMBER', active_key, job) == 1 and 'closing' or nil
end
