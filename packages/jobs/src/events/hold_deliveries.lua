-- Deliveries that a worker has taken stay its own for another while, or are given back.
-- Takes tenant, hold_ms (0: given back), taken: a list of { id, turn }.
-- A delivery that is over has left the line, and one that is to be sent again meanwhile has another turn: neither is held.
--- @include "events/deliveries"
local held_until = whole(now_ms() + arg.hold_ms)
for _, taken in ipairs(arg.taken) do
  if redis.call('HGET', delivery_key(taken.id), 'turn') == taken.turn then
    redis.call('ZADD', delivery_line_key(arg.tenant), 'XX', held_until, taken.id)
  end
end
keep_place_of(arg.tenant)
return 'ok'
