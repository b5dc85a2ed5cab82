-- Takes deliveries that are due. ARGV: most in all, most of a tenant, ms for which they are held, then tenant after most of
--   it for those of whom it is another
-- Returns their ids. Tenants take turns by whose first has waited longest; of each no more than its most. What another
-- version has done to a delivery since it was lined up is found here: it leaves, or waits until it is due.
--- @include "events/deliveries"
local most, each, held_until = tonumber(ARGV[1]), tonumber(ARGV[2]), whole(now_ms() + ARGV[3])
local FIRST_TENANT = 4
local now = now_ms()
local room, taken = {}, {}
for at = FIRST_TENANT, #ARGV, 2 do
  room[ARGV[at]] = tonumber(ARGV[at + 1])
end

local function take_of(tenant, wanted)
  local line = delivery_line_key(tenant)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', line, 0, whole(now), 'LIMIT', 0, whole(wanted))) do
    local due_at = redis.call('ZSCORE', pending_deliveries_key, id)
    if not due_at or redis.call('EXISTS', delivery_key(id)) == 0 then
      redis.call('ZREM', line, id)
      redis.call('ZREM', pending_deliveries_key, id)
    elseif tonumber(due_at) > now then
      redis.call('ZADD', line, due_at, id)
    else
      redis.call('ZADD', line, held_until, id)
      table.insert(taken, id)
    end
  end
  keep_place_of(tenant)
end

for _, tenant in ipairs(redis.call('ZRANGEBYSCORE', delivery_tenants_key, 0, whole(now))) do
  local wanted = math.min(room[tenant] or each, most - #taken)
  if wanted > 0 then
    take_of(tenant, wanted)
  end
end
return taken
