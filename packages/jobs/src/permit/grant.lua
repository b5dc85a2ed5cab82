-- Grants one send of a call: the permit and the ledger's planned -> sending, in one step.
-- Takes, besides permit.lua's arguments, job, call, attempt, rows, and
--   dispatch (of the call's message; nil for any), more (calls wait behind it)
--   money: most and least (items), call and item (configured prices, nanos), daily (the limit of tenants that have no
--     limit of their own; nil if there is none)
--   nonce (of this request), checked (the epoch under which storage was asked for an answer to this attempt, or nil)
--   wanted, if its job says `max_age`: the targets that it buys (`NamedWanted` in reuse-index.ts)
-- Answers kind:
--   'granted', with sent_at, age_ms (since sent_at; negative before it), failures, unsent, is_queued (the worker waits
--     for another slot), items (that it may ask for), reserve (nanos), nonce
--   'wait', with ms, reason
--   'refused', with why:
--     'unchecked', with epoch: the job was accepted under another epoch, so storage must be asked first
--     'moved': the call has left the window, or entered it again, and has another message by now or will have one
--     'held': a worker has sent the call, which Redis had lost; the call waits for its answer, or for the end of its lease
--     'answered': an answer about one of its targets came after they were looked up
--     'claimed': another call is buying one of its targets, and this call waits for that
--     or the state of the call or job that rules the send out, or what the job now waits or pauses for
-- Asking again with the same attempt and worker gives the same grant, because the answer may have been lost.
--- @include "tenant/money"
--- @include "call/unreadable"
--- @include "tenant/budget"
--- @include "job/ending"
--- @include "permit/permit"
--- @include "reuse/claims"
local job, call, attempt, nonce = arg.job, arg.call, arg.attempt, arg.nonce
local HELD_MS = 1000
local CLAIMED_MS = 500

local function refuse(why, unchecked_epoch)
  return cjson.encode({ kind = 'refused', why = why, epoch = unchecked_epoch })
end

local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt', 'worker', 'sent_at', 'failures', 'dispatch', 'unsent', 'items',
  'reserved', 'nonce')
if arg.dispatch and known[6] and known[6] ~= arg.dispatch then
  return refuse('moved')
end
if known[1] == 'sending' and known[2] == attempt and known[3] == worker then
  return cjson.encode({ kind = 'granted', sent_at = known[4], age_ms = now_ms() - tonumber(known[4]),
    failures = known[5] or nil, unsent = known[7] or nil, is_queued = false, items = known[8], reserve = known[9],
    nonce = known[10] or '' })
end
if known[1] ~= 'planned' or number_of(known[2]) + 1 ~= tonumber(attempt) then
  return refuse(known[1] or 'settled')
end
if not redis.call('ZSCORE', window_key, call_ref(job, call)) then
  return refuse('moved')
end
local of_job = redis.call('HMGET', job_key(job), 'status', 'deadline', 'epoch')
if of_job[1] ~= 'running' then
  return refuse(of_job[1] or 'gone')
end
keep_epoch()
local epoch, lease = epoch_now(), call_ref(job, call) .. '.' .. attempt
if not is_of_epoch(of_job[3], epoch) and epoch ~= arg.checked then
  return refuse('unchecked', epoch)
end
if number_of(redis.call('ZSCORE', leases, lease)) > now then
  plan_again(job, call, now_ms() + HELD_MS)
  return refuse('held')
end
if of_job[2] and tonumber(of_job[2]) <= now_ms() then
  run_out(job, 'deadline')
  return refuse('deadline')
end
local form = form_of(job)
if waits_for_trial(job, form) then
  wait_for_answer(job, 'trial')
  return refuse('trial')
end
local ref = call_ref(job, call)
local obstacle = arg.wanted and why_not_buy(ref, arg.wanted)
if obstacle == 'claimed' then
  plan_again(job, call, now_ms() + CLAIMED_MS)
end
if obstacle then
  return refuse(obstacle)
end
local items, reserve, need = ask_for_money(job, arg.money)
if not items then
  if reserve == 'short' or reserve == 'tenant_short' then
    wait_for_answer(job, reserve)
  else
    run_out(job, reserve, need)
  end
  return refuse(reserve)
end
local send_at, wait, reason = take_permit(lease, false)
if not send_at then
  return wait_answer(wait, reason)
end
local sent_at = math.ceil(send_at / 1000)
start_sending(job, call, { attempt = attempt, worker = worker, nonce = nonce, sent_at = sent_at, rows = arg.rows,
  items = items, reserve = reserve })
note_trial_call(job, call, form)
if arg.wanted then
  claim(ref, arg.wanted)
end
changed(job)
return cjson.encode({ kind = 'granted', sent_at = whole(sent_at), age_ms = -math.ceil((send_at - now) / 1000),
  failures = known[5] or nil, unsent = known[7] or nil, is_queued = queue_for_more(arg.more, send_at), items = items,
  reserve = whole(reserve), nonce = nonce })
