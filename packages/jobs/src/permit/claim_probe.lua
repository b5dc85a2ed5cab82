-- Decides whether this worker finds out if the account's outage is over. Takes account, claim_ms.
-- Answers kind: 'none' | 'over' (a call was answered since the outage began, which has closed the breaker), with reason
-- | 'probe', with reason and tries (how many probes there were). No other worker probes until the claim ends.
--- @include "redis/shared"
local account = arg.account
local known = redis.call('HMGET', outage_key(account), 'reason', 'due_at', 'tries')
if not known[1] then
  return cjson.encode({ kind = 'none' })
end
if number_of(redis.call('HGET', permit_key(account), 'opened')) == 0 then
  return cjson.encode({ kind = 'over', reason = known[1] })
end
if number_of(known[2]) > now_ms() then
  return cjson.encode({ kind = 'none' })
end
redis.call('HSET', outage_key(account), 'due_at', whole(now_ms() + arg.claim_ms))
return cjson.encode({ kind = 'probe', reason = known[1], tries = number_of(known[3]) })
