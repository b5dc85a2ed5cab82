-- How far the upstream's record was gone through after a change of Redis: see begin_epoch in permit.lua.
-- ARGV: account, when that change was, 'go_on' | 'end', and, to go on: from when to read on, up to when, since when there are
--   calls under way that nobody accounts for ('' where there are none), when to go on; all ms
-- Returns 1, or 0 where there was another change since: then the record is gone through anew.
--- @include "redis/shared"
local aftermath = aftermath_key(ARGV[1])
if redis.call('HGET', aftermath, 'changed_at') ~= ARGV[2] then
  return 0
end
if ARGV[3] == 'end' then
  redis.call('DEL', aftermath)
else
  redis.call('HSET', aftermath, 'from', ARGV[4], 'to', ARGV[5], 'open', ARGV[6], 'at', ARGV[7])
end
return 1
