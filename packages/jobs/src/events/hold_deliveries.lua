-- Whoever has taken deliveries still works at them, or gives them back. ARGV: tenant, ms for which they are held from now on
--   (0: given back), then id after turn
-- One that is over has left the line, and one that is to be sent again meanwhile is not held.
--- @include "events/deliveries"
local tenant, held_until = ARGV[1], whole(now_ms() + ARGV[2])
local FIRST_ID = 3
for at = FIRST_ID, #ARGV, 2 do
  if redis.call('HGET', delivery_key(ARGV[at]), 'turn') == ARGV[at + 1] then
    redis.call('ZADD', delivery_line_key(tenant), 'XX', held_until, ARGV[at])
  end
end
keep_place_of(tenant)
