-- Included by scripts that decide on unknown calls, or give one up.
--- @include "redis/shared"

local function is_unknown(job, call, attempt)
  local known = redis.call('HMGET', call_key(job, call), 'state', 'attempt')
  return known[1] == 'unknown' and known[2] == attempt
end

-- Notes what became of an attempt without an answer. `fate`: kind, cost (nil if unknown), task (may be nil).
-- Returns how much reserved money was released, and when the attempt was sent. If the cost is not known, nothing is
-- released: the money stays unconfirmed, for good if the answer never comes, and is shown as such.
local function note_fate(job, call, attempt, fate)
  local known = redis.call('HMGET', call_key(job, call), 'worker', 'sent_at', 'reserved', 'nonce')
  local at, held = number_of(known[2]), number_of(known[3])
  local is_in_doubt = fate.kind == 'blind' or not fate.cost
  local story = { fate = fate.kind, worker = known[1], sent_at = known[2], task = fate.task or '',
    cost = fate.cost and whole(fate.cost) or '', held = is_in_doubt and known[3] or '0',
    nonce = known[4] or nil }
  redis.call('HSET', fates_key(job), call .. '.' .. attempt, cjson.encode(story))
  if is_in_doubt then
    return 0, at
  end
  add(job, 'unconfirmed', -held)
  book(job, at, { unconfirmed = -held })
  if fate.kind == 'lost' then
    waste(job, call, attempt, { cost = fate.cost, at = at, task = fate.task })
  end
  return held, at
end
