-- A worker lives: its calls in flight are its own for another while. Takes worker. Answers 'ok'.
--- @include "redis/shared"
local FORGOTTEN_MS = 3600000
local now = now_ms()
redis.call('ZADD', heard_key, whole(now), arg.worker)
redis.call('ZREMRANGEBYSCORE', heard_key, '-inf', whole(now - FORGOTTEN_MS))
return 'ok'
