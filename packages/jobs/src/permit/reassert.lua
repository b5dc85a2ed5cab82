-- A worker says what it holds, to a Redis that may have lost it. ARGV 7, repeated: lease, job ('' where it is no call),
--   call, attempt, sent_at ms, rows, items, reserve (nanos), nonce
-- A lease that was lost takes the place of a slot that was taken for it. A call that the ledger has as planned, with the
-- attempt before, or that it never dispatched, is sending: it must not be sent by another. Of others the lease says so.
--- @include "tenant/money"
--- @include "call/standing"
--- @include "permit/permit"
keep_epoch()
for first = 7, #ARGV, 9 do
  local lease, job, call, attempt = ARGV[first], ARGV[first + 1], ARGV[first + 2], ARGV[first + 3]
  if redis.call('ZADD', leases, 'NX', whole(now + lease_us), lease) == 1 then
    for slot = slots, 1, -1 do
      if redis.call('ZREM', leases, 'lost:' .. slot) == 1 then
        break
      end
    end
  end
  if job ~= '' then
    local standing, state, last = standing_of(job, call, attempt)
    if standing == 'unheard' and (state or 'planned') == 'planned' and last + 1 == tonumber(attempt) then
      redis.call('SADD', live_key(job), call)
      redis.call('LREM', ready_key(job), 0, call)
      redis.call('ZADD', window_key, 'NX', whole(now_ms()), call_ref(job, call))
      start_sending(job, call, {
        attempt = attempt,
        worker = worker,
        nonce = ARGV[first + 8],
        sent_at = tonumber(ARGV[first + 4]),
        rows = tonumber(ARGV[first + 5]),
        items = tonumber(ARGV[first + 6]),
        reserve = tonumber(ARGV[first + 7]),
      })
      changed(job)
    end
  end
end
return 'ok'
