-- Takes deliveries that are due. Takes most (of all), each (of one tenant), rooms (by tenant, for tenants with another
-- number), hold_ms (for how long nobody else takes them).
-- Answers their ids. The tenant whose first delivery has waited longest comes first. If another version has changed a
-- delivery since it was queued, the delivery leaves the queue or waits until it is due.
--- @include "events/deliveries"
local now = now_ms()
local held_until, taken = whole(now + arg.hold_ms), {}

local function take_of(tenant, wanted)
  local queue = delivery_queue_key(tenant)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', queue, 0, whole(now), 'LIMIT', 0, whole(wanted))) do
    local due_at = redis.call('ZSCORE', pending_deliveries_key, id)
    if not due_at or redis.call('EXISTS', delivery_key(id)) == 0 then
      redis.call('ZREM', queue, id)
      redis.call('ZREM', pending_deliveries_key, id)
    elseif tonumber(due_at) > now then
      redis.call('ZADD', queue, due_at, id)
    else
      redis.call('ZADD', queue, held_until, id)
      table.insert(taken, id)
    end
  end
  keep_place_of(tenant)
end

for _, tenant in ipairs(redis.call('ZRANGEBYSCORE', delivery_tenants_key, 0, whole(now))) do
  local wanted = math.min(arg.rooms[tenant] or arg.each, arg.most - #taken)
  if wanted > 0 then
    take_of(tenant, wanted)
  end
end
return taken
