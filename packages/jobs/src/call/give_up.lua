-- Gives up uploads whose process was not heard of for too long: what they left in storage is to be removed.
-- ARGV: ms of silence, most at once
-- Returns how many. In one step with their acceptance, so that none of them becomes a job.
--- @include "redis/shared"
local silent_ms, most = ARGV[1], ARGV[2]
local now = now_ms()
local silent = redis.call('ZRANGEBYSCORE', uploads_key, '-inf', whole(now - silent_ms), 'LIMIT', 0, most)
for _, job in ipairs(silent) do
  redis.call('ZREM', uploads_key, job)
  redis.call('ZADD', removed_key, whole(now), job)
end
return #silent
