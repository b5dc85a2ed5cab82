-- Records the delivery of an event, and that it is due. ARGV: id, tenant, job or '', most that are kept, and its fields, name after
--   name
-- Returns 'recorded' | 'known'. Recording again changes nothing. Beyond those kept the oldest go, but for what is still to
-- be delivered.
--- @include "events/deliveries"
local id, tenant, job, most, now = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), whole(now_ms())
local FIRST_FIELD = 5
local OLDEST_AT_ONCE = 10
local key, index = delivery_key(id), deliveries_key(tenant)
if redis.call('EXISTS', key) == 1 then
  return 'known'
end
redis.call('HSET', key, 'state', 'pending', 'turn', '0', 'created_at', now, unpack(ARGV, FIRST_FIELD))
redis.call('ZADD', index, now, id)
line_up(tenant, id, now)
if job ~= '' then
  local base = job_key(tenant .. '/' .. job)
  if redis.call('EXISTS', base) == 1 then
    redis.call('RPUSH', deliveries_of_job_key(tenant .. '/' .. job), id)
  else
    redis.call('HSET', key, 'job_gone', '1')
  end
end
local beyond = redis.call('ZCARD', index) - most
if beyond > 0 then
  for _, oldest in ipairs(redis.call('ZRANGE', index, 0, math.min(beyond, OLDEST_AT_ONCE) - 1)) do
    if redis.call('HGET', delivery_key(oldest), 'state') ~= 'pending' then
      forget_delivery(tenant, oldest)
    end
  end
end
tell_workers()
return 'recorded'
