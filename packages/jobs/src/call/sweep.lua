-- One sweep over the upstream's record at a time, over all workers. Takes account, id, step: 'begin' | 'keep' | 'end', hold_ms (how
-- long the sweep is this one's without another step). Answers 1 while the sweep is that of the id, else 0.
-- The last look-ups of a minute are spread: calls that become unknown one after the other must not use them all up, or the next
-- one waits for most of a minute.
--- @include "redis/shared"
local account, id, step, ms = arg.account, arg.id, arg.step, whole(arg.hold_ms)
local SPREAD_AFTER, SPREAD_MS = 6, 15000
local sweep = sweep_key(account)
if step == 'begin' then
  return redis.call('SET', sweep, id, 'NX', 'PX', ms) and 1 or 0
end
if redis.call('GET', sweep) ~= id then
  return 0
end
if step == 'keep' then
  redis.call('PEXPIRE', sweep, ms)
elseif redis.call('ZCOUNT', look_ups_key(account), whole(now_ms() - LOOK_UP_WINDOW_MS), '+inf') >= SPREAD_AFTER then
  redis.call('SET', sweep, 'over', 'PX', SPREAD_MS)
else
  redis.call('DEL', sweep)
end
return 1
