-- Put before the scripts that are told of an attempt's answer, or of its sending, and may not know of it: a Redis that lost
-- what was written last has older attempts, or none.
--- @include "redis/shared"

-- The phase of an attempt, the state of its call (nil where it has none), and the last attempt that is known of it.
-- 'current'; 'unheard': a later one than is known, so that those before it are over; 'early': of a call that does not exist
-- yet, since the answer that brings it about is not settled; 'settled': its call is; 'over': no answer decides it any more
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
