-- Lets one worker at a time read the upstream's record. Takes account, id, step: 'begin' | 'keep' | 'end', hold_ms (how
-- long the lock lasts without another step).
-- Answers 1 while the id has the lock, else 0.
-- The last look-ups of a minute are spread out: if calls that become unknown one by one used them all up, the next call
-- would wait for most of a minute.
--- @include "redis/shared"
local account, id, step, ms = arg.account, arg.id, arg.step, whole(arg.hold_ms)
local SPREAD_AFTER, SPREAD_MS = 6, 15000
local lock = record_lock_key(account)
if step == 'begin' then
  return redis.call('SET', lock, id, 'NX', 'PX', ms) and 1 or 0
end
if redis.call('GET', lock) ~= id then
  return 0
end
if step == 'keep' then
  redis.call('PEXPIRE', lock, ms)
elseif redis.call('ZCOUNT', look_ups_key(account), whole(now_ms() - LOOK_UP_WINDOW_MS), '+inf') >= SPREAD_AFTER then
  redis.call('SET', lock, 'over', 'PX', SPREAD_MS)
else
  redis.call('DEL', lock)
end
return 1
