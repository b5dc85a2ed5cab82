-- Included by every script that needs an account's permit: GCRA for the rate, a sorted set of leases for the requests
-- in flight, and a wait of the whole account, all on Redis' clock.
-- Each takes account, worker, run_id (of the Redis server), slots, interval_us, lease_us, and its own arguments.
-- If the rate is the limit, the next send time is reserved. If the slots are, the worker waits in the account's queue;
-- the script that frees a slot holds it for the first worker in the queue (a baton, which is a short lease) and wakes
-- only that worker.
--- @include "redis/shared"
local account, worker, run_id = arg.account, arg.worker, arg.run_id
local slots, interval_us, lease_us = arg.slots, arg.interval_us, arg.lease_us
local BURST_US, REGROW_US = BURST_MS * 1000, REGROW_MS * 1000
local HORIZON_US, BATON_US = 500000, 250000
local permit, leases, waiting = permit_key(account), leases_key(account), waiting_key(account)
local now = now_us()
local usable_slots = slots
-- A half-open breaker lets one call at a time through, the trial. This is its lease, '' while there is none.
local half_open, trial = false, ''

-- If there was never an epoch, nothing was lost since the first job was accepted.
local function epoch_now()
  redis.call('SETNX', epoch_key, 'first.' .. run_id .. '.' .. whole(now))
  return redis.call('GET', epoch_key)
end

local function is_of_epoch(accepted_in, epoch)
  return accepted_in == epoch or ((accepted_in or '') == '' and string.sub(epoch, 1, 6) == 'first.')
end

-- No grant sets the next send time later than this. A later one was written before Redis' clock went back, and would
-- hold up every send until the clock has caught up.
local function latest_tat()
  return now + BURST_US + HORIZON_US + interval_us
end

-- A Lua script has room for 200 local names, so these are local to a block.
local keep_epoch
do
  -- How long after a change of the server grants wait at least, and at most for workers that have not reasserted.
  local REOPEN_US, REASSERT_US = 1000000, 4000000
  -- A worker was alive if it marked the time at most this long before the last worker did.
  local ALIVE_MS = 10000

  -- Restores the leases of calls that are `sending` in the ledger.
  local function restore_leases()
    for _, ref in ipairs(redis.call('ZRANGE', sending_key, 0, -1)) do
      local job, call = split_ref(ref)
      local attempt = redis.call('HGET', call_key(job, call), 'attempt')
      redis.call('ZADD', leases, 'NX', whole(now + lease_us), ref .. '.' .. (attempt or ''))
    end
  end

  -- This server may lack the last writes of the one before. So storage is asked for each call of a job that was accepted
  -- under another epoch, before the call is sent; and the upstream's record is read once for requests that no job knows,
  -- from one lease before the last time that the account's workers marked.
  local function begin_epoch()
    redis.call('SET', epoch_key, run_id .. '.' .. whole(now))
    local aftermath, now_at, lease_ms = aftermath_key(account), math.floor(now / 1000), lease_us / 1000
    local marked_at = tonumber(redis.call('GET', time_mark_key(account)) or '') or now_at - lease_ms
    local from = math.min(marked_at - lease_ms, tonumber(redis.call('HGET', aftermath, 'from') or '') or now_at)
    redis.call('DEL', aftermath)
    redis.call('HSET', aftermath, 'from', whole(from), 'changed_at', whole(now_at), 'at', whole(now_at))
  end

  -- Workers that were alive when the last server was lost. They may hold leases, and have settled calls, that this server
  -- does not know.
  local function expect_workers()
    local missing, workers = missing_key(account), account_workers_key(account)
    redis.call('DEL', missing)
    local last = redis.call('ZRANGE', workers, -1, -1, 'WITHSCORES')
    if not last[1] then
      return
    end
    for _, name in ipairs(redis.call('ZRANGEBYSCORE', workers, whole(tonumber(last[2]) - ALIVE_MS), '+inf')) do
      redis.call('SADD', missing, name)
    end
    redis.call('PEXPIRE', missing, whole((REASSERT_US + lease_us) / 1000))
  end

  -- If these keys are missing, nobody knows what is in flight: every slot is taken for one lease. If they are from
  -- another server, the last grants may be missing: workers reassert what they hold before grants go on. The
  -- rate's clock starts at the latest value that the lost one can have had.
  function keep_epoch()
    local known = redis.call('HMGET', permit, 'run', 'cut', 'cut_at', 'opened', 'trial')
    half_open, trial = number_of(known[4]) > 0, known[5] or ''
    usable_slots = math.max(1, slots - math.max(0, number_of(known[2]) - math.floor((now - number_of(known[3])) / REGROW_US)))
    if known[1] == run_id then
      return
    end
    begin_epoch()
    expect_workers()
    if known[1] then
      restore_leases()
    else
      redis.call('DEL', leases, waiting)
      for slot = 1, slots do
        redis.call('ZADD', leases, whole(now + HORIZON_US + lease_us), 'lost:' .. slot)
      end
    end
    local tat = math.max(number_of(redis.call('HGET', permit, 'tat')), latest_tat())
    redis.call('HSET', permit, 'run', run_id, 'opens_at', whole(now + REOPEN_US),
      'fill_at', whole(now + REASSERT_US), 'tat', whole(tat))
    redis.call('PUBLISH', wake_key(account), 'reopened')
  end
end

-- True if every slot is taken by an unknown call, for which no worker waits, or by a look-up, of which one is sent at a
-- time. Then only a look-up can free a slot before its lease runs out.
local function is_abandoned()
  for _, lease in ipairs(redis.call('ZRANGE', leases, 0, -1)) do
    local ref = string.match(lease, '^(.+)%.%d+$')
    local unknown = ref and redis.call('ZSCORE', unknown_key, ref)
    if not unknown and string.sub(lease, 1, 8) ~= 'look-up:' then
      return false
    end
  end
  return true
end

-- A trial may be sent beside requests that keep their leases because the upstream may still be working on them.
local function is_full(look_up)
  if redis.call('ZCARD', leases) >= usable_slots then
    return not (look_up and is_abandoned())
  end
  return half_open and not look_up and redis.call('ZSCORE', leases, trial) ~= false
end

local function note_trial(lease)
  if half_open then
    trial = lease
    redis.call('HSET', permit, 'trial', lease)
  end
end

-- Gives free slots to the workers that have waited longest. A worker that does not listen is dead: the next one gets
-- the slot.
local function hand_on()
  while not is_full(false) do
    local head = redis.call('ZPOPMIN', waiting)
    if not head[1] then
      return
    end
    if redis.call('PUBLISH', wake_worker_key(account, head[1]), 'slot') > 0 then
      redis.call('ZADD', leases, whole(now + BATON_US), 'baton:' .. head[1])
      note_trial('baton:' .. head[1])
    end
  end
end

-- Look-ups go before all calls.
local function join_queue(first)
  local ticket = redis.call('HINCRBY', permit, 'tickets', 1)
  if first then
    redis.call('ZADD', waiting, 'LT', whole(ticket - 1000000000000), worker)
  else
    redis.call('ZADD', waiting, 'NX', whole(ticket), worker)
  end
end

-- Counts sends in buckets, which show how busy the account is.
local function count_send()
  local sent, bucket = sent_key(account), math.floor(now / (SENT_BUCKET_MS * 1000))
  if redis.call('HINCRBY', sent, whole(bucket), 1) == 1 then
    for _, known in ipairs(redis.call('HKEYS', sent)) do
      if tonumber(known) < bucket - SENT_BUCKETS then
        redis.call('HDEL', sent, known)
      end
    end
  end
end

-- True until this server has restored what storage has newer: see snapshot/catch-up.ts.
local function is_behind()
  local current = redis.call('HGET', installation_key, 'current')
  return current and current ~= run_id
end

-- How long grants wait (us) since another server began, for workers that may hold leases. If some of these do not
-- reassert, the slots that are free may be theirs, so they are taken for one lease.
local function time_to_open()
  if is_behind() then
    return 100000
  end
  local times = redis.call('HMGET', permit, 'opens_at', 'fill_at')
  local opens_at, fill_at = number_of(times[1]), number_of(times[2])
  if opens_at > now then
    return opens_at - now
  end
  if fill_at == 0 then
    return 0
  end
  local are_missing = redis.call('EXISTS', missing_key(account)) == 1
  if are_missing and fill_at > now then
    return math.min(fill_at - now, 100000)
  end
  redis.call('HDEL', permit, 'fill_at')
  for slot = 1, are_missing and slots or 0 do
    if redis.call('ZCARD', leases) < slots then
      redis.call('ZADD', leases, whole(now + lease_us), 'missing:' .. slot)
    end
  end
  return 0
end

-- Shortens leases from before Redis' clock went back: a lease that nobody ends must run out.
local function shorten_leases()
  local latest = whole(now + HORIZON_US + lease_us)
  for _, lease in ipairs(redis.call('ZRANGEBYSCORE', leases, '(' .. latest, '+inf')) do
    redis.call('ZADD', leases, latest, lease)
  end
end

local function earliest_tat()
  local tat = math.max(number_of(redis.call('HGET', permit, 'tat')), now)
  if tat > latest_tat() then
    tat = latest_tat()
    redis.call('HSET', permit, 'tat', whole(tat))
  end
  return tat
end

-- Returns the send time (us); or nil, the milliseconds to wait, and why.
local function take_permit(lease, first)
  keep_epoch()
  local closed_us = time_to_open()
  if closed_us > 0 then
    return nil, math.ceil(closed_us / 1000), 'reopening'
  end
  local wait = redis.call('PTTL', account_wait_key(account))
  if wait > 0 then
    return nil, wait, 'waiting'
  end
  redis.call('ZREMRANGEBYSCORE', leases, '-inf', whole(now))
  redis.call('ZREM', leases, 'baton:' .. worker)
  if is_full(first) then
    shorten_leases()
    join_queue(first)
    local earliest = redis.call('ZRANGE', leases, 0, 0, 'WITHSCORES')
    return nil, math.max(1, math.ceil((tonumber(earliest[2]) - now) / 1000)), 'in_flight'
  end
  local tat = earliest_tat()
  local send_at = math.max(now, tat - BURST_US)
  if send_at - now > HORIZON_US then
    hand_on()
    return nil, math.ceil((send_at - HORIZON_US - now) / 1000), 'rate'
  end
  redis.call('HSET', permit, 'tat', whole(tat + interval_us))
  redis.call('ZADD', leases, whole(send_at + lease_us), lease)
  count_send()
  if not first then
    note_trial(lease)
  end
  redis.call('ZREM', waiting, worker)
  hand_on()
  return send_at
end

-- A worker with more to send joins the queue at once if no slot is left, so that it need not ask first; but not while
-- it waits for its send time, when a baton would be idle. True if it is in the queue.
local function queue_for_more(more, send_at)
  if not more or send_at - now > BATON_US / 4 or not is_full(false) then
    return false
  end
  join_queue(false)
  return true
end

local function end_lease(lease)
  keep_epoch()
  redis.call('ZREM', leases, lease)
  hand_on()
end

local function wait_answer(ms, reason)
  return cjson.encode({ kind = 'wait', ms = ms, reason = reason })
end

-- Makes the whole account wait. A longer wait is never made shorter.
local function make_account_wait(ms, why)
  if redis.call('PTTL', account_wait_key(account)) < ms then
    redis.call('SET', account_wait_key(account), why, 'PX', whole(math.max(1, ms)))
  end
end
