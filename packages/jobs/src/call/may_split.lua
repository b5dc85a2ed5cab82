-- Whether a call may be split in two. Takes job, call, root (its root call), most (how many calls splitting that root
-- call may lead to).
-- Answers 'granted' | 'refused'. Once granted it is granted again, because the answer may have been lost.
--- @include "redis/shared"
local key, splits = call_key(arg.job, arg.call), splits_key(arg.job)
if redis.call('HGET', key, 'split') then
  return 'granted'
end
if redis.call('EXISTS', key) == 0 or number_of(redis.call('HGET', splits, arg.root)) + 2 > arg.most then
  return 'refused'
end
redis.call('HINCRBY', splits, arg.root, 2)
redis.call('HSET', key, 'split', '1')
return 'granted'
