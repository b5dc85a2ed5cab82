-- Holds deliveries that a worker has taken for longer, or gives them back.
-- Takes tenant, hold_ms (0: given back), taken: a list of { id, round }.
-- A delivery that is over has left the queue, and one that is to be sent again is in another round: neither is held.
--- @include "events/deliveries"
local held_until = whole(now_ms() + arg.hold_ms)
for _, taken in ipairs(arg.taken) do
  if redis.call('HGET', delivery_key(taken.id), 'turn') == taken.round then
    redis.call('ZADD', delivery_queue_key(arg.tenant), 'XX', held_until, taken.id)
  end
end
keep_place_of(arg.tenant)
return 'ok'
