-- Whether workers live, and which calls have lost theirs. ARGV: 'beat' | 'find', worker
-- Returns, for 'find', the names of calls that are sending and whose worker has not been heard of for too long.
-- A silence counts only where somebody has looked all the while: after an outage of this server none was heard, and all live.
local SILENT_MS, LOOKED_MS, FORGOTTEN_MS = 10000, 6000, 3600000
local heard, watch = root .. ':heard', root .. ':watch'
local now = now_ms()
if ARGV[1] == 'beat' then
  redis.call('ZADD', heard, whole(now), ARGV[2])
  redis.call('ZREMRANGEBYSCORE', heard, '-inf', whole(now - FORGOTTEN_MS))
  return {}
end
local since = number_of(redis.call('GET', watch) or whole(now))
redis.call('SET', watch, whole(since), 'PX', LOOKED_MS)
local orphans = {}
if now - since >= SILENT_MS then
  for _, ref in ipairs(redis.call('ZRANGE', root .. ':sending', 0, -1)) do
    local job, call = split_ref(ref)
    local worker = redis.call('HGET', call_key(job, call), 'worker')
    if number_of(redis.call('ZSCORE', heard, worker or '')) < now - SILENT_MS then
      orphans[#orphans + 1] = ref
    end
  end
end
return orphans
