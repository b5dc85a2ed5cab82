-- Tells the account's breaker how a request has ended. Takes lease, health: 'answered' | 'failing' | 'neither',
-- sent_at, ends (its lease ends too), chance (0 to 1) besides permit.lua's arguments.
-- Answers how often in a row the breaker has opened, if this report opened it; else 0
-- MOST failures in a row, over all workers, open it: the whole account waits. Then it is half-open, one call at a time,
-- until a call is answered. A request that was sent before the breaker last opened tells nothing new.
--- @include "permit/permit"
local lease, how, sent_at, ends = arg.lease, arg.health, arg.sent_at, arg.ends
local MOST = 10
local known = redis.call('HMGET', permit, 'failed', 'opened', 'opened_at', 'trial')
local failed, opened = number_of(known[1]), number_of(known[2])
local openings = 0

local function open_breaker()
  openings = opened + 1
  -- Send times may have been reserved as far ahead as the horizon.
  redis.call('HSET', permit, 'opened', openings, 'opened_at', whole(now + HORIZON_US))
  redis.call('HDEL', permit, 'failed')
  make_account_wait(wait_ms(opened, LONGEST_WAIT_MS, arg.chance), 'failing')
end

if opened == 0 or sent_at * 1000 >= number_of(known[3]) then
  if how == 'failing' and (opened > 0 or failed + 1 >= MOST) then
    open_breaker()
  elseif how == 'failing' then
    redis.call('HINCRBY', permit, 'failed', 1)
  elseif how == 'answered' and failed + opened > 0 then
    redis.call('HDEL', permit, 'failed', 'opened', 'opened_at', 'trial')
  end
end
-- A moving average, in which each answer counts a tenth.
if how == 'answered' and ends then
  local took, latency = math.max(0, now / 1000 - sent_at), redis.call('HGET', permit, 'latency_ms')
  redis.call('HSET', permit, 'latency_ms', whole(latency and 0.9 * tonumber(latency) + 0.1 * took or took))
end
-- The lease stays if the upstream may still be working on the request. The next trial need not wait for that.
if lease == known[4] then
  redis.call('HDEL', permit, 'trial')
end
if ends then
  end_lease(lease)
end
return openings
