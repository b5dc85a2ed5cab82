-- Included by scripts that handle an attempt which Redis may not know: a Redis that lost its last writes knows only older
-- attempts of the call, or none.
--- @include "redis/shared"

-- Returns the phase of an attempt, the state of its call (nil if it has none), and the last known attempt of the call.
-- The phase is 'current'; 'unheard': later than the last known attempt, so the earlier ones are over; 'early': its call
-- does not exist yet, because the answer that creates the call is not settled; 'settled': its call is settled; or 'over':
-- an answer to it no longer decides anything.
local function phase_of(job, call, attempt)
  local known = redis.call('HMGET', call_key(job, call), 'state', 'attempt')
  local number, last = tonumber(attempt), number_of(known[2])
  if known[1] then
    return number == last and 'current' or number > last and 'unheard' or 'over', known[1], last
  end
  if is_settled(job, call) then
    return 'settled', nil, 0
  end
  local plan = redis.call('HMGET', job_key(job), 'base', 'roots', 'next')
  local first = number_of(plan[1])
  if not plan[2] or is_ended(job) or tonumber(call) <= first then
    return 'over', nil, 0
  end
  if tonumber(call) > first + number_of(plan[2]) then
    return 'early', nil, 0
  end
  return tonumber(call) >= number_of(plan[3]) and 'unheard' or 'over', nil, 0
end
