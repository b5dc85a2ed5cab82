-- Included by the scripts of deliveries. A delivery is removed with its job, or once it is delivered if it is pending
-- then.
-- Its `turn` is the round of its next attempt: each attempt, and each sending again by hand, begins another round.
--- @include "redis/shared"
local function forget_delivery(tenant, id)
  local key = delivery_key(id)
  redis.call('UNLINK', key, delivery_attempts_key(id))
  redis.call('ZREM', deliveries_key(tenant), id)
end

local function forget_deliveries_of(job)
  local tenant = string.match(job, '^([^/]+)/')
  local list = deliveries_of_job_key(job)
  for _, id in ipairs(redis.call('LRANGE', list, 0, -1)) do
    local key = delivery_key(id)
    if redis.call('HGET', key, 'state') == 'pending' then
      redis.call('HSET', key, 'job_gone', '1')
    else
      forget_delivery(tenant, id)
    end
  end
  redis.call('UNLINK', list)
end

-- Called after every change of a tenant's queue.
local function keep_place_of(tenant)
  local first = redis.call('ZRANGE', delivery_queue_key(tenant), 0, 0, 'WITHSCORES')
  if first[1] then
    redis.call('ZADD', delivery_tenants_key, first[2], tenant)
  else
    redis.call('ZREM', delivery_tenants_key, tenant)
  end
end

local function queue_delivery(tenant, id, at)
  redis.call('ZADD', pending_deliveries_key, at, id)
  redis.call('ZADD', delivery_queue_key(tenant), at, id)
  keep_place_of(tenant)
end

local function leave_queue(tenant, id)
  redis.call('ZREM', pending_deliveries_key, id)
  redis.call('ZREM', delivery_queue_key(tenant), id)
  keep_place_of(tenant)
end

-- Tells workers that a delivery is due now. Workers find deliveries that are due later when their time has come.
local function tell_workers()
  redis.call('PUBLISH', delivery_due_key, '')
end
