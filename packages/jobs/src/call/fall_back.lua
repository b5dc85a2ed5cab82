-- An unknown call has a stored answer of an older attempt, which came after that was given up: it settles the call, which
-- would else be given up.
-- Takes job, call, attempt, fate (as resolve.lua does), older (the older attempt).
-- Answers 'fallen_back' | 'stale'
-- The call stays unknown, by the older attempt, and due: if its worker dies before it is settled, the next look-up does that.
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
