-- After Redis has lost everything, the upstream's record is searched from an earlier time on than this Redis knows.
-- Takes account, from (ms). Answers 1.
-- If no worker of the account has begun an epoch in this Redis yet, it begins with the time mark: see begin_epoch in
-- permit.lua.
--- @include "redis/shared"
local mark, aftermath, from = time_mark_key(arg.account), aftermath_key(arg.account), whole(arg.from)
if redis.call('EXISTS', permit_key(arg.account)) == 0 then
  redis.call('SET', mark, from)
elseif redis.call('EXISTS', aftermath) == 1 then
  redis.call('HSET', aftermath, 'from', whole(math.min(arg.from, number_of(redis.call('HGET', aftermath, 'from')))),
    'to', '')
else
  local now = whole(now_ms())
  redis.call('HSET', aftermath, 'from', from, 'changed_at', now, 'at', now)
end
return 1
