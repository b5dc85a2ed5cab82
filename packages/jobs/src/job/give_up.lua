-- Gives up uploads whose API process has been silent for too long: their bytes in storage are to be removed.
-- Takes silent_ms, most (at once). Answers how many. A script, as accept.lua is, so that no upload becomes a job and is given up.
--- @include "redis/shared"
local now = now_ms()
local silent = redis.call('ZRANGEBYSCORE', uploads_key, '-inf', whole(now - arg.silent_ms), 'LIMIT', 0, arg.most)
for _, job in ipairs(silent) do
  redis.call('ZREM', uploads_key, job)
  redis.call('ZADD', removed_key, whole(now), job)
end
return #silent
