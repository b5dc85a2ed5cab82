-- Leave to split a call in two, within a number of calls that its root call may bring about. ARGV: job, call, root, most
-- Returns 'granted' | 'refused'. What was granted is granted again: the answer that says so may not be stored yet.
--- @include "redis/shared"
local job, call, root_call, most = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local key, splits = call_key(job, call), splits_key(job)
if redis.call('HGET', key, 'split') then
  return 'granted'
end
if redis.call('EXISTS', key) == 0 or number_of(redis.call('HGET', splits, root_call)) + 2 > most then
  return 'refused'
end
redis.call('HINCRBY', splits, root_call, 2)
redis.call('HSET', key, 'split', '1')
return 'granted'
