-- What became of an unknown call is known, or was decided: it is sent again.
-- ARGV: job, call, attempt, 'lost' (executed: its cost is spent and wasted) | 'not_executed' | 'blind', cost (nanos, '' where
--   the record does not say it), the upstream's id of it or '', what it counts as: 'failures' | 'losses' | 'deaths'
-- Returns {'resolved' | 'stale', 1 when nothing of the job is open any more}
--- @include "tenant/money"
--- @include "call/fates"
local job, call, attempt = ARGV[1], ARGV[2], ARGV[3]
local fate = { kind = ARGV[4], cost = tonumber(ARGV[5]), task = ARGV[6] }
local counts_as = ARGV[7]
if not is_unknown(job, call, attempt) then
  return { 'stale', closable(job) }
end
local held, at = note_fate(job, call, attempt, fate)
add(job, 'unknown', -1)
free_money(job, at, held)
-- An attempt without an answer counts: a call that never gets one, or kills its workers, must come to rest.
redis.call('HINCRBY', call_key(job, call), counts_as, 1)
plan_again(job, call, nil)
moved(job)
return { 'resolved', closable(job) }
