-- Whose turn it is to find out whether the account's outage is over. ARGV: account, claim ms
-- Returns {'none'} | {'over', reason} | {'probe', reason, how often it was probed}
-- Over: a call has been answered since, which has closed the breaker. A probe is its worker's alone while the claim lasts.
--- @include "redis/shared"
local account, claim = ARGV[1], tonumber(ARGV[2])
local known = redis.call('HMGET', outage_key(account), 'reason', 'due_at', 'tries')
if not known[1] then
  return { 'none' }
end
if number_of(redis.call('HGET', permit_key(account), 'opened')) == 0 then
  return { 'over', known[1] }
end
if number_of(known[2]) > now_ms() then
  return { 'none' }
end
redis.call('HSET', outage_key(account), 'due_at', whole(now_ms() + claim))
return { 'probe', known[1], known[3] }
