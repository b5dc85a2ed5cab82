-- The account cannot go on, and its jobs pause. ARGV: account, reason, chance (0 to 1), 1 where the
--   reason of an outage that stands is to be kept, the upstream's host
-- Its breaker stands half-open from here on: one call at a time finds out whether the outage is over. One that follows soon
-- upon the last goes on where that one's waits ended, so that the account's jobs do not go to and fro every few seconds.
--- @include "events/events"
local account = ARGV[1]
local reason, chance, keep, host = ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local outage, permit = outage_key(account), permit_key(account)
local now = now_ms()
local known = redis.call('HMGET', outage, 'reason', 'tries', 'ended_at')
if not known[1] or keep ~= '1' then
  redis.call('HSET', outage, 'reason', reason)
end
if not known[1] then
  local last = number_of(known[2])
  local soon = known[3] and now - tonumber(known[3]) <= 2 * wait_ms(last, LONGEST_WAIT_MS, 0)
  local tries = soon and last + 1 or 0
  local wait = math.max(wait_ms(tries, LONGEST_WAIT_MS, chance), redis.call('PTTL', pause_key(account)))
  redis.call('HSET', outage, 'tries', tries, 'due_at', whole(now + wait))
  redis.call('PERSIST', outage)
  emit_of_account('account.paused', host, reason)
end
if number_of(redis.call('HGET', permit, 'opened')) == 0 then
  redis.call('HSET', permit, 'opened', 1, 'opened_at', whole(now_us()))
end
return 'ok'
