-- Begins an outage: the account cannot send, and its jobs pause. Takes account, host (the upstream's), reason, chance
-- (0 to 1), keeps_reason (of an outage that has begun already). Answers 'ok'.
-- From here on the breaker is half-open: one call at a time finds out whether the outage is over. An outage soon after
-- the last one continues with its waits, so that jobs do not pause and resume every few seconds.
--- @include "events/events"
local account, reason, chance = arg.account, arg.reason, arg.chance
local outage, permit = outage_key(account), permit_key(account)
local now = now_ms()
local known = redis.call('HMGET', outage, 'reason', 'tries', 'ended_at')
if not known[1] or not arg.keeps_reason then
  redis.call('HSET', outage, 'reason', reason)
end
if not known[1] then
  local last = number_of(known[2])
  local soon = known[3] and now - tonumber(known[3]) <= 2 * wait_ms(last, LONGEST_WAIT_MS, 0)
  local tries = soon and last + 1 or 0
  local wait = math.max(wait_ms(tries, LONGEST_WAIT_MS, chance), redis.call('PTTL', account_wait_key(account)))
  redis.call('HSET', outage, 'tries', tries, 'due_at', whole(now + wait))
  redis.call('PERSIST', outage)
  emit_of_account('account.paused', arg.host, reason)
end
if number_of(redis.call('HGET', permit, 'opened')) == 0 then
  redis.call('HSET', permit, 'opened', 1, 'opened_at', whole(now_us()))
end
return 'ok'
