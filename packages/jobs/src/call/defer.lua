-- An attempt that was answered, or surely never left, without settling its call: it will be sent again later.
-- ARGV: job, call, attempt, cost (nanos), delay ms, what it counts as: 'failure' | 'unsent' | 'nothing', when it was sent ms,
--   the upstream's id of it or '', its nonce or ''
-- Returns {'deferred' | 'stale' | 'early', 1 when nothing of the job is open any more} ; 'early' as in settle.lua
-- Known to be unknown, the call is so no longer. A late answer, of an attempt that was given up, adds its cost and
-- nothing else; what was counted is noted, so that repeating adds nothing.
--- @include "tenant/money"
--- @include "call/standing"
local job, call, attempt = ARGV[1], ARGV[2], ARGV[3]
local cost, delay, counts_as, at = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6], tonumber(ARGV[7])
local id = { task = ARGV[8], nonce = ARGV[9] }
local key = call_key(job, call)
local standing, state = standing_of(job, call, attempt)
if standing == 'early' then
  return { 'early', closable(job) }
end
if standing ~= 'unheard' and not (standing == 'current' and state ~= 'planned') then
  if cost > 0 and waste(job, call, attempt, { cost = cost, at = at, task = id.task, nonce = id.nonce }) then
    changed(job)
  end
  return { 'stale', closable(job) }
end
local held, held_at = stop_waiting(job, call, state)
held_at = standing == 'current' and at or held_at
if standing == 'unheard' then
  add(job, 'attempts', 1)
  redis.call('SADD', live_key(job), call)
  redis.call('HSET', key, 'attempt', attempt)
end
local name, counted = counted_cost(job, call, attempt, id)
if counts_as ~= 'unsent' then
  book(job, at, { calls = counted and 0 or 1, spent = cost - (counted or 0), wasted = -(counted or 0) })
end
if cost > 0 then
  spend(job, at, cost - (counted or 0))
  add(job, 'wasted', -(counted or 0))
  redis.call('HSET', lost_key(job), name, '0')
end
if held then
  free_money(job, held_at, held)
end
if counts_as == 'failure' then
  redis.call('HINCRBY', key, 'failures', 1)
end
if counts_as == 'unsent' then
  redis.call('HINCRBY', key, 'unsent', 1)
else
  redis.call('HDEL', key, 'unsent')
end
plan_again(job, call, now_ms() + delay)
changed(job)
return { 'deferred', closable(job) }
