-- Grants one send of a call: the permit and the ledger's planned -> sending, together.
-- ARGV 7: job, call, attempt, rows, the dispatch that the call's message is of, or '', 1 where more wait, most items, least
--   items, call price, item price (nanos, as set), daily limit of tenants that have none of their own, or '', the nonce of
--   this sending, the epoch under which storage was asked for an answer of this attempt, or ''
-- Returns {'granted', sent_at ms, failures, ms since the send time (negative: until it), unsent attempts, 1 when the worker
--          stands in line, items that it may ask for, nanos reserved, nonce} | {'wait', ms, reason} | {'refused', why} |
--          {'refused', 'unchecked', epoch}: this Redis is not the one that the job was accepted by, and storage is to be asked
-- Asking again with the same attempt and worker gives the same grant: a reply may have been lost. Refused as 'moved' is a
-- call that has left the window, or entered it again: it has another message by now, or will have. Refused as 'held' is one
-- that a living worker says it has sent, which this Redis has lost: it waits, until its answer or the end of its lease.
--- @include "tenant/money"
--- @include "call/unreadable"
--- @include "tenant/budget"
--- @include "job/ending"
--- @include "permit/permit"
local job, call, attempt = ARGV[7], ARGV[8], ARGV[9]
local rows, dispatch, more = tonumber(ARGV[10]), ARGV[11], ARGV[12]
local want = {
  most = tonumber(ARGV[13]),
  least = tonumber(ARGV[14]),
  call = tonumber(ARGV[15]),
  item = tonumber(ARGV[16]),
  daily = ARGV[17],
}
local nonce, checked = ARGV[18], ARGV[19]
local HELD_MS = 1000
local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt', 'worker', 'sent_at', 'failures', 'dispatch', 'unsent', 'items',
  'reserved', 'nonce')
if dispatch ~= '' and known[6] and known[6] ~= dispatch then
  return { 'refused', 'moved' }
end
if known[1] == 'sending' and known[2] == attempt and known[3] == worker then
  return { 'granted', known[4], known[5] or '0', whole(now_ms() - tonumber(known[4])), known[7] or '0', '0',
    known[8], known[9], known[10] or '' }
end
if known[1] ~= 'planned' or number_of(known[2]) + 1 ~= tonumber(attempt) then
  return { 'refused', known[1] or 'settled' }
end
if not redis.call('ZSCORE', window_key, call_ref(job, call)) then
  return { 'refused', 'moved' }
end
local of_job = redis.call('HMGET', job_key(job), 'status', 'deadline', 'epoch')
if of_job[1] ~= 'running' then
  return { 'refused', of_job[1] or 'gone' }
end
keep_epoch()
local epoch, lease = epoch_now(), call_ref(job, call) .. '.' .. attempt
if not is_of_epoch(of_job[3], epoch) and epoch ~= checked then
  return { 'refused', 'unchecked', epoch }
end
if number_of(redis.call('ZSCORE', leases, lease)) > now then
  plan_again(job, call, now_ms() + HELD_MS)
  return { 'refused', 'held' }
end
if of_job[2] and tonumber(of_job[2]) <= now_ms() then
  run_out(job, 'deadline')
  return { 'refused', 'deadline' }
end
local form = form_of(job)
if waits_for_trial(job, form) then
  wait_for_open(job, 'trial')
  return { 'refused', 'trial' }
end
local items, reserve, need = ask_for_money(job, want)
if not items then
  if reserve == 'short' or reserve == 'tenant_short' then
    wait_for_open(job, reserve)
  else
    run_out(job, reserve, need)
  end
  return { 'refused', reserve }
end
local wait, reason = take_permit(lease, false)
if wait then
  return { 'wait', whole(wait), reason }
end
local sent_at = math.ceil(reason / 1000)
start_sending(job, call, { attempt = attempt, worker = worker, nonce = nonce, sent_at = sent_at, rows = rows, items = items,
  reserve = reserve })
note_trial_call(job, call, form)
changed(job)
return { 'granted', whole(sent_at), known[5] or '0', whole(-math.ceil((reason - now) / 1000)), known[7] or '0',
  line_up(more, reason), whole(items), whole(reserve), nonce }
