-- Put before the scripts that make a job, close it, run it again or remove it: the keys by which it is found.
--- @include "redis/shared"

-- The jobs of its tag and endpoint that are not finished.
local function unfinished_beside(job)
  local known = redis.call('HMGET', job_key(job), 'endpoint', 'tag')
  return unfinished_key(string.match(job, '^([^/]+)/'), known[1] or '', known[2] or '')
end
