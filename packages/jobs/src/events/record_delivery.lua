-- Records the delivery of an event, which is due now. Takes id, most_kept, and the fields of the delivery: tenant,
-- place, event, job ('' for an event of the account), url, allow_private, body.
-- Answers 'recorded' | 'known': recording again changes nothing. If the tenant has more than most_kept, its oldest ones
-- are removed, except pending ones.
--- @include "events/deliveries"
local id, fields, now = arg.id, arg.fields, whole(now_ms())
local tenant, job = fields.tenant, fields.job
local OLDEST_AT_ONCE = 10
local key, index = delivery_key(id), deliveries_key(tenant)
if redis.call('EXISTS', key) == 1 then
  return 'known'
end
redis.call('HSET', key, 'state', 'pending', 'turn', '0', 'created_at', now, 'tenant', tenant, 'place', fields.place,
  'event', fields.event, 'job', job, 'url', fields.url, 'allow_private', fields.allow_private, 'body', fields.body)
redis.call('ZADD', index, now, id)
queue_delivery(tenant, id, now)
if job ~= '' then
  local base = job_key(tenant .. '/' .. job)
  if redis.call('EXISTS', base) == 1 then
    redis.call('RPUSH', deliveries_of_job_key(tenant .. '/' .. job), id)
  else
    redis.call('HSET', key, 'job_gone', '1')
  end
end
local beyond = redis.call('ZCARD', index) - arg.most_kept
if beyond > 0 then
  for _, oldest in ipairs(redis.call('ZRANGE', index, 0, math.min(beyond, OLDEST_AT_ONCE) - 1)) do
    if redis.call('HGET', delivery_key(oldest), 'state') ~= 'pending' then
      forget_delivery(tenant, oldest)
    end
  end
end
tell_workers()
return 'recorded'
