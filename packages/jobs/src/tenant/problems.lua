-- Included by scripts that note what a tenant should know about. It is counted by the hour, and kept for a week.
--- @include "redis/shared"

-- `what`: kind, code, job (an id; nil if no job is concerned)
local function note_problem(tenant, what)
  -- Receivers choose the HTTP statuses of deliveries: if an hour has more codes than this, the others are counted together.
  local MOST_CODES = 100
  local now = now_ms()
  local key = problems_key(tenant, whole(math.floor(now / HOUR_MS)))
  local name = what.kind .. ':' .. what.code
  if redis.call('HEXISTS', key, name .. ':count') == 0 and redis.call('HLEN', key) >= 3 * MOST_CODES then
    name = what.kind .. ':other'
  end
  if redis.call('HINCRBY', key, name .. ':count', 1) == 1 then
    redis.call('PEXPIRE', key, whole(PROBLEMS_KEPT_MS))
  end
  redis.call('HSET', key, name .. ':at', whole(now))
  if not what.job then
    return
  end
  local known = redis.call('HGET', key, name .. ':jobs') or ''
  local jobs = { what.job }
  for id in string.gmatch(known, '[^,]+') do
    if id ~= what.job and #jobs < PROBLEM_EXAMPLES then
      jobs[#jobs + 1] = id
    end
  end
  redis.call('HSET', key, name .. ':jobs', table.concat(jobs, ','))
end
