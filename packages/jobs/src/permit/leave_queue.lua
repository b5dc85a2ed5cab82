-- A worker that has nothing to send any more leaves the queue, and a slot that was held for it goes to the next one.
--- @include "permit/permit"
redis.call('ZREM', waiting, worker)
end_lease('baton:' .. worker)
return 'ok'
