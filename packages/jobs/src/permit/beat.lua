-- Records that a worker is alive, so that its calls in flight are not taken for orphans. Takes worker, places (calls that
-- it takes at once; nil: as it reported last, or none).
-- Answers how many workers take calls.
--- @include "permit/workers"
local FORGOTTEN_MS = 3600000
local now = now_ms()
redis.call('ZADD', workers_key, whole(now), arg.worker)
if arg.places then
  redis.call('HSET', worker_places_key, arg.worker, whole(arg.places))
end
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', workers_key, '-inf', whole(now - FORGOTTEN_MS))) do
  redis.call('ZREM', workers_key, worker)
  redis.call('HDEL', worker_places_key, worker)
end
local takers = count_takers()
return takers
