-- Fills the window: the calls that have a message in BullMQ. It chooses the next call in turn over the tenants and,
-- within a tenant, over its jobs, so that the first call of a new job takes one of the next places.
-- A turn is one call. All tenants have their turns on one scale of whole numbers: a tenant of weight w has one every
-- TURN / w, and the lowest number is next. So each tenant has its share to within one turn, however others join or leave,
-- and rounding errors never add up.
-- Jobs of a newer format than the caller's are passed over, and stay for a caller that knows it.
-- Takes most (calls in the window), format.
-- Answers the calls that enter the window, each with name, attempt (the next one to be made), dispatch (how often the
-- call has entered)
--- @include "permit/workers"
local now = now_ms()

-- If Redis' clock has gone back, moves the times for which calls wait back with it. Otherwise they would wait until the
-- clock has caught up.
local function follow_clock()
  local before = number_of(redis.call('GET', dispatched_at_key))
  redis.call('SET', dispatched_at_key, whole(now))
  if before <= now then
    return
  end
  for _, waiting in ipairs({ later_key, unknown_key, unpriced_key }) do
    for _, member in ipairs(redis.call('ZRANGE', waiting, 0, -1)) do
      redis.call('ZINCRBY', waiting, whole(now - before), member)
    end
  end
end

follow_clock()
for _, ref in ipairs(redis.call('ZRANGEBYSCORE', later_key, '-inf', whole(now), 'LIMIT', 0, 100)) do
  local job, call = split_ref(ref)
  redis.call('ZREM', later_key, ref)
  redis.call('LPUSH', ready_key(job), call)
  enlist(job)
end

local NEWER = 'newer'

local function next_call(job)
  local base = job_key(job)
  local may = redis.call('HMGET', base, 'status', 'cut', 'short', 'format')
  if may[4] and number_of(may[4]) > arg.format then
    return NEWER
  end
  if may[1] ~= 'running' or may[2] or may[3] then
    return nil
  end
  local ready = redis.call('LPOP', ready_key(job))
  while ready do
    if redis.call('HGET', call_key(job, ready), 'state') == 'planned' then
      return ready
    end
    ready = redis.call('LPOP', ready_key(job))
  end
  -- A call is sent only after its own part of the plan is stored.
  local known = redis.call('HMGET', base, 'next', 'roots', 'base', 'stored_roots')
  local last = known[2] and number_of(known[3]) + number_of(known[4] or known[2]) or 0
  for _ = number_of(known[1]), last do
    local number = redis.call('HINCRBY', base, 'next', 1) - 1
    -- If Redis lost its last second, a call that looks as if it was never sent may be running, or answered.
    if not is_settled(job, number) and redis.call('SADD', live_key(job), number) == 1 then
      redis.call('HSET', call_key(job, number), 'state', 'planned')
      return whole(number)
    end
  end
  return nil
end

-- Ten times the largest weight, so that rounding makes a turn longer by a tenth at most. The scale begins at 0 again
-- when no tenant has a call to send; even if that never happens, its numbers stay exact for 90 billion calls.
local TURN = 1000

local function turn_after(at, weight)
  return math.ceil((math.floor(at * weight / TURN) + 1) * TURN / weight)
end

local out = {}
-- How many tenants at the head of the turns have no job left to look at, since all of theirs are newer.
local passed = 0
-- How many jobs in a row of the present tenant are newer.
local newer = 0
local _, places = count_takers()
local room = math.min(arg.most, places) - redis.call('ZCARD', window_key)
while room > 0 do
  local first = redis.call('ZRANGE', turns_key, passed, passed, 'WITHSCORES')
  local tenant = first[1]
  if not tenant then
    break
  end
  local ring = ring_key(tenant)
  local id = redis.call('LMOVE', ring, ring, 'LEFT', 'RIGHT')
  if not id then
    redis.call('ZREM', turns_key, tenant)
  else
    local job = tenant .. '/' .. id
    local call = next_call(job)
    if call == NEWER then
      newer = newer + 1
      if newer >= redis.call('LLEN', ring) then
        passed, newer = passed + 1, 0
      end
    elseif not call then
      newer = 0
      delist(job)
    else
      newer = 0
      local key = call_key(job, call)
      local dispatch = redis.call('HINCRBY', key, 'dispatch', 1)
      redis.call('ZADD', window_key, whole(now), call_ref(job, call))
      local attempt = number_of(redis.call('HGET', key, 'attempt')) + 1
      out[#out + 1] = { name = call_ref(job, call), attempt = attempt, dispatch = dispatch }
      redis.call('ZADD', turns_key, whole(turn_after(tonumber(first[2]), weight_of(tenant))), tenant)
      room = room - 1
    end
  end
end
return #out == 0 and '[]' or cjson.encode(out)
