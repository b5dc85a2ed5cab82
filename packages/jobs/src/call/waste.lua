-- Counts the cost of a request whose answer decides nothing, because another answer to the same attempt came first, or
-- none ever came.
-- Takes job, call, attempt, cost (nanos), sent_at, id: task, nonce (each may be nil).
-- Answers 'wasted' | 'repeated': it was counted before, or its job is gone
--- @include "tenant/money"
local job, id = arg.job, arg.id
if not waste(job, arg.call, arg.attempt, { cost = arg.cost, at = arg.sent_at, task = id.task, nonce = id.nonce }) then
  return 'repeated'
end
changed(job)
return 'wasted'
