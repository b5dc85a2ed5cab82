-- Counts a look-up: the upstream takes 10 look-ups of its record a minute, over all workers. Takes account, id.
-- Answers the ms to wait; 0 if this look-up may be made. Asking again with the same id takes no second place.
--- @include "redis/shared"
local taken = look_ups_key(arg.account)
local now = now_ms()
redis.call('ZREMRANGEBYSCORE', taken, '-inf', whole(now - LOOK_UP_WINDOW_MS))
if not redis.call('ZSCORE', taken, arg.id) then
  if redis.call('ZCARD', taken) >= 10 then
    local first = redis.call('ZRANGE', taken, 0, 0, 'WITHSCORES')
    return math.max(1, first[2] + LOOK_UP_WINDOW_MS - now)
  end
  redis.call('ZADD', taken, whole(now), arg.id)
  redis.call('PEXPIRE', taken, LOOK_UP_WINDOW_MS)
end
return 0
