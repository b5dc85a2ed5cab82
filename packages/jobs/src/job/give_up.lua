-- Gives up uploads whose API process has been silent for too long, so that their bytes are removed from storage.
-- Takes silent_ms, most (at once). Answers how many. It is a script, like accept.lua, so that no upload both becomes a
-- job and is given up.
--- @include "redis/shared"
local now = now_ms()
local silent = redis.call('ZRANGEBYSCORE', uploads_key, '-inf', whole(now - arg.silent_ms), 'LIMIT', 0, arg.most)
for _, job in ipairs(silent) do
  redis.call('ZREM', uploads_key, job)
  -- If two workers made the job of a watch's run, the upload of the second one is still listed.
  if redis.call('EXISTS', job_key(job)) == 0 then
    redis.call('ZADD', removed_key, whole(now), job)
  end
end
return #silent
