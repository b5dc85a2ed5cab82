-- The upstream takes 10 look-ups of its record a minute, over all workers. Takes account, id.
-- Answers the ms to wait: 0 where this look-up may be made. Asking again with the same id takes no second place.
--- @include "redis/shared"
local turns = look_ups_key(arg.account)
local now = now_ms()
local window = 61000
redis.call('ZREMRANGEBYSCORE', turns, '-inf', whole(now - window))
if not redis.call('ZSCORE', turns, arg.id) then
  if redis.call('ZCARD', turns) >= 10 then
    local first = redis.call('ZRANGE', turns, 0, 0, 'WITHSCORES')
    return math.max(1, first[2] + window - now)
  end
  redis.call('ZADD', turns, whole(now), arg.id)
  redis.call('PEXPIRE', turns, window)
end
return 0
