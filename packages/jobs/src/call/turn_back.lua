-- An unknown call has a stored answer of an older attempt, which came after that was given up: it settles the call, which
-- would else be given up.
-- ARGV: job, call, attempt, and its fate: kind, cost, the upstream's id of it, all as for resolve; the older attempt
-- Returns {'turned' | 'stale'}
-- The call stays unknown, by the older attempt, and due: who dies before it is settled leaves that to the next look-up.
--- @include "tenant/money"
--- @include "call/fates"
local job, call, attempt = ARGV[1], ARGV[2], ARGV[3]
local fate = { kind = ARGV[4], cost = tonumber(ARGV[5]), task = ARGV[6] }
local older = ARGV[7]
if not is_unknown(job, call, attempt) then
  return { 'stale' }
end
local held, at = note_fate(job, call, attempt, fate)
commit(job, at, -held)
redis.call('HSET', call_key(job, call), 'attempt', older, 'reserved', '0')
redis.call('ZADD', unknown_key, whole(now_ms()), call_ref(job, call))
changed(job)
return { 'turned' }
