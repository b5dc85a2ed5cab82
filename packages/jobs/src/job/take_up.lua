-- Notes that a version with this format works on a job: from then on older ones leave it alone. Takes job, format.
-- Answers 'ok'.
--- @include "redis/shared"
local known = redis.call('HMGET', job_key(arg.job), 'doc', 'format')
if known[1] and arg.format > (tonumber(known[2]) or 1) then
  redis.call('HSET', job_key(arg.job), 'format', whole(arg.format))
end
return 'ok'
