-- What the account's outage is after a probe. ARGV: account, 'again' | 'over', longest wait ms, chance (0 to 1),
--   the upstream's host
-- Again: it is probed after a wait that has grown, unless a call is answered before.
--- @include "events/events"
local outage = outage_key(ARGV[1])
local after, longest, chance, host = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local KEPT_MS = 3600000
local reason = redis.call('HGET', outage, 'reason')
if not reason then
  return 'ok'
end
if after == 'over' then
  redis.call('HDEL', outage, 'reason')
  redis.call('HSET', outage, 'ended_at', whole(now_ms()))
  redis.call('PEXPIRE', outage, KEPT_MS)
  emit_of_account('account.resumed', host, reason)
else
  local tries = redis.call('HINCRBY', outage, 'tries', 1)
  redis.call('HSET', outage, 'due_at', whole(now_ms() + wait_ms(tries, longest, chance)))
end
return 'ok'
