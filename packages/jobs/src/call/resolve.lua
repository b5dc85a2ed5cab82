-- Resolves an unknown call whose fate is known or was decided: the call is sent again.
-- Takes job, call, attempt, fate: kind ('lost': it was executed, its cost is spent and wasted | 'not_executed' |
-- 'blind'), cost (nanos, nil if the record does not say it), task (the upstream's id of it, may be nil); counts_as:
-- 'failures' | 'losses' | 'deaths'.
-- Answers result: 'resolved' | 'stale', and last
--- @include "tenant/money"
--- @include "call/unknown_calls"
local job, call, attempt, counts_as = arg.job, arg.call, arg.attempt, arg.counts_as
if not is_unknown(job, call, attempt) then
  return step_answer('stale', job)
end
local held, at = note_fate(job, call, attempt, arg.fate)
add(job, 'unknown', -1)
free_money(job, at, held)
  -- Counts the attempt, so that a call that never gets an answer, or kills its workers, fails in the end.
redis.call('HINCRBY', call_key(job, call), counts_as, 1)
plan_again(job, call, nil)
moved(job)
return step_answer('resolved', job)
