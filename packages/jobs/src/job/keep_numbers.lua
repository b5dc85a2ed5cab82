-- Keeps later runs from using call numbers up to this one: storage has answers under them, to calls that are not
-- planned yet.
-- Takes job, number. Answers 'ok'.
--- @include "redis/shared"
local known = redis.call('HMGET', job_key(arg.job), 'doc', 'kept_to')
if known[1] and arg.number > number_of(known[2]) then
  redis.call('HSET', job_key(arg.job), 'kept_to', whole(arg.number))
end
return 'ok'
