-- Takes a worker that has nothing more to send out of the queue. A slot that was held for it goes to the next worker.
--- @include "permit/permit"
redis.call('ZREM', waiting, worker)
end_lease('baton:' .. worker)
return 'ok'
