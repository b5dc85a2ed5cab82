-- The cost of a sending whose answer decides nothing: another answer of the same attempt was first, or none ever came.
-- ARGV: job, call, attempt, cost (nanos), when it was sent ms, the upstream's id of it or '', its nonce or ''
-- Returns 'wasted' | 'repeated': it was counted before, or its job is gone
--- @include "tenant/money"
local job, call, attempt = ARGV[1], ARGV[2], ARGV[3]
local lost = { cost = tonumber(ARGV[4]), at = tonumber(ARGV[5]), task = ARGV[6], nonce = ARGV[7] }
if not waste(job, call, attempt, lost) then
  return 'repeated'
end
changed(job)
return 'wasted'
