-- Answers are stored under numbers of calls up to this one, before those calls are planned: no later run may use the numbers.
-- ARGV: job, number
-- Returns 'ok'
--- @include "redis/shared"
local job, number = ARGV[1], tonumber(ARGV[2])
local known = redis.call('HMGET', job_key(job), 'doc', 'kept_to')
if known[1] and number > number_of(known[2]) then
  redis.call('HSET', job_key(job), 'kept_to', whole(number))
end
return 'ok'
