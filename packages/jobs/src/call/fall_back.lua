-- Makes an older attempt the current one of an unknown call. Its answer came after the attempt was given up, and is
-- stored: it settles the call, which would otherwise fail.
-- Takes job, call, attempt, fate (as in resolve.lua), older (the older attempt).
-- Answers 'fallen_back' | 'stale'
-- The call stays unknown, and its look-up is due: if the worker dies before it settles the call, the next look-up does
-- that.
--- @include "tenant/money"
--- @include "call/unknown_calls"
local job, call, attempt = arg.job, arg.call, arg.attempt
if not is_unknown(job, call, attempt) then
  return 'stale'
end
local held, at = note_fate(job, call, attempt, arg.fate)
commit(job, at, -held)
redis.call('HSET', call_key(job, call), 'attempt', arg.older, 'reserved', '0')
redis.call('ZADD', unknown_key, whole(now_ms()), call_ref(job, call))
changed(job)
return 'fallen_back'
