-- Records that a probe has ended. Takes account, host (the upstream's), after: 'again' (the next probe follows after a
-- longer wait, unless a call is answered before), with longest_ms and chance (0 to 1) | 'over'. Answers 'ok'.
--- @include "events/events"
local outage = outage_key(arg.account)
local KEPT_MS = 3600000
local reason = redis.call('HGET', outage, 'reason')
if not reason then
  return 'ok'
end
if arg.after == 'over' then
  redis.call('HDEL', outage, 'reason')
  redis.call('HSET', outage, 'ended_at', whole(now_ms()))
  redis.call('PEXPIRE', outage, KEPT_MS)
  emit_of_account('account.resumed', arg.host, reason)
else
  local tries = redis.call('HINCRBY', outage, 'tries', 1)
  redis.call('HSET', outage, 'due_at', whole(now_ms() + wait_ms(tries, arg.longest_ms, arg.chance)))
end
return 'ok'
