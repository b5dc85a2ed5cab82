-- Marks the time up to which Redis has everything that the account's workers wrote. If it loses some of it, it also
-- goes back to an older mark. Answers 'ok', or 'missing' if the worker must reassert what it holds.
--- @include "permit/permit"
keep_epoch()
local FORGOTTEN_MS = 3600000
local now_at, workers = math.floor(now / 1000), account_workers_key(account)
redis.call('SET', time_mark_key(account), whole(now_at))
redis.call('ZADD', workers, whole(now_at), worker)
redis.call('ZREMRANGEBYSCORE', workers, '-inf', whole(now_at - FORGOTTEN_MS))
return redis.call('SISMEMBER', missing_key(account), worker) == 1 and 'missing' or 'ok'
