-- Notes that a worker sends no more calls: if the server changes, grants do not wait for it. Takes account, worker.
-- Answers 'ok'.
--- @include "redis/shared"
redis.call('ZREM', account_workers_key(arg.account), arg.worker)
return 'ok'
