-- The upstream takes 10 look-ups of its record a minute, over all workers. ARGV: account, id
-- Returns {'granted'} | {'wait', ms, 'look_ups'} ; asking again with the same id takes no second turn.
--- @include "redis/shared"
local turns = look_ups_key(ARGV[1])
local now = now_ms()
local window = 61000
redis.call('ZREMRANGEBYSCORE', turns, '-inf', whole(now - window))
if not redis.call('ZSCORE', turns, ARGV[2]) then
  if redis.call('ZCARD', turns) >= 10 then
    local first = redis.call('ZRANGE', turns, 0, 0, 'WITHSCORES')
    return { 'wait', whole(math.max(1, first[2] + window - now)), 'look_ups' }
  end
  redis.call('ZADD', turns, whole(now), ARGV[2])
  redis.call('PEXPIRE', turns, window)
end
return { 'granted' }
