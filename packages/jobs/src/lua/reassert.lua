-- A worker says what it holds, to a Redis that may have lost it. ARGV 7, repeated: lease, job ('' where it is no call),
--   call, attempt, sent_at ms, rows, items, reserve (nanos)
-- A lease that was lost takes the place of a slot that was taken for it. A call that the ledger has as planned, with the
-- attempt before, is sending: it must not be sent by another.
keep_epoch()
for first = 7, #ARGV, 8 do
  local lease, job, call, attempt = ARGV[first], ARGV[first + 1], ARGV[first + 2], ARGV[first + 3]
  if redis.call('ZADD', leases, 'NX', whole(now + lease_us), lease) == 1 then
    for slot = slots, 1, -1 do
      if redis.call('ZREM', leases, 'lost:' .. slot) == 1 then
        break
      end
    end
  end
  if job ~= '' then
    local known = redis.call('HMGET', call_key(job, call), 'state', 'attempt')
    if known[1] == 'planned' and number_of(known[2]) + 1 == tonumber(attempt) then
      redis.call('LREM', job_key(job) .. ':ready', 0, call)
      redis.call('ZADD', root .. ':window', 'NX', whole(now_ms()), call_ref(job, call))
      start_sending(job, call, {
        attempt = attempt,
        worker = worker,
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
