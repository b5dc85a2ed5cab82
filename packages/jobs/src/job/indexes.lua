-- Put before the scripts that make a job, close it, run it again or remove it: the keys by which it is found.
--- @include "redis/shared"
local DAY_MS = 86400000

-- The jobs of its tag and endpoint that are not finished.
local function unfinished_key(job)
  local known = redis.call('HMGET', job_key(job), 'endpoint', 'tag')
  local tenant = string.match(job, '^([^/]+)/')
  return root .. ':unfinished:' .. tenant .. ':' .. (known[1] or '') .. ':' .. (known[2] or '')
end

-- What a request with an idempotency key holds, and later its job.
local function idempotency_key(tenant, hash)
  return root .. ':idempotency:' .. tenant .. ':' .. hash
end
