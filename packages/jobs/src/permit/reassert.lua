-- Reports what a worker has sent to a Redis that may have lost it. Takes, besides permit.lua's arguments, ended (leases
-- that ended in the last seconds) and held (a list of: lease, and for a call sent, with job, call, attempt, sent_at, rows,
-- items, reserve (nanos), nonce). Answers 'ok'.
-- A reasserted lease replaces one that was made for a slot in doubt. A call that is planned with the attempt before, or
-- was never dispatched, is now sending: no other worker may send it. Other calls are held by the lease alone.
-- While the server is behind storage, its jobs may be replaced: the worker stays missing, and reasserts again later.
--- @include "tenant/money"
--- @include "call/attempt_phase"
--- @include "permit/permit"
local function take_place()
  for slot = slots, 1, -1 do
    if redis.call('ZREM', leases, 'lost:' .. slot) == 1 or redis.call('ZREM', leases, 'missing:' .. slot) == 1 then
      return
    end
  end
end

-- Once all workers have reported what they hold and have settled, no slot is in doubt any more.
local function reasserted()
  local missing = missing_key(account)
  if redis.call('SREM', missing, worker) == 1 and redis.call('EXISTS', missing) == 0 then
    for slot = 1, slots do
      redis.call('ZREM', leases, 'missing:' .. slot)
    end
  end
end

keep_epoch()
for _, lease in ipairs(arg.ended) do
  redis.call('ZREM', leases, lease)
end
for _, held in ipairs(arg.held) do
  local sent = held.sent
  if redis.call('ZADD', leases, 'NX', whole(now + lease_us), held.lease) == 1 then
    take_place()
  end
  if sent and not is_behind() then
    local job, call, attempt = sent.job, sent.call, sent.attempt
    local phase, state, last = phase_of(job, call, attempt)
    if phase == 'unheard' and (state or 'planned') == 'planned' and last + 1 == tonumber(attempt) then
      redis.call('SADD', live_key(job), call)
      redis.call('LREM', ready_key(job), 0, call)
      redis.call('ZADD', window_key, 'NX', whole(now_ms()), call_ref(job, call))
      start_sending(job, call, {
        attempt = attempt,
        worker = worker,
        nonce = sent.nonce,
        sent_at = sent.sent_at,
        rows = sent.rows,
        items = sent.items,
        reserve = sent.reserve,
      })
      changed(job)
    end
  end
end
if not is_behind() then
  reasserted()
end
hand_on()
return 'ok'
