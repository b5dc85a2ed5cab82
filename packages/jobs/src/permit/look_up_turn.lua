-- The upstream takes 10 look-ups of its record a minute, over all workers. Takes account, id.
-- Answers the ms to wait: 0 where this look-up may be made. Asking again with the same id takes no second place.
--- @include "redis/shared"
local turns = look_ups_key(arg.account)
local now = now_ms()
redis.call('ZREMRANGEBYSCORE', turns, '-inf', whole(now - LOOK_UP_WINDOW_MS))
if not redis.call('ZSCORE', turns, arg.id) then
  if redis.call('ZCARD', turns) >= 10 then
    local first = redis.call('ZRANGE', turns, 0, 0, 'WITHSCORES')
    return math.max(1, first[2] + LOOK_UP_WINDOW_MS - now)
  end
  redis.call('ZADD', turns, whole(now), arg.id)
  redis.call('PEXPIRE', turns, LOOK_UP_WINDOW_MS)
end
return 0
