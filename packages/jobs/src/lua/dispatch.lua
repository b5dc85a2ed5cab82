-- Fills the window: the calls that stand in BullMQ. Who is next is decided here and now, by turns over the tenants and,
-- within a tenant, over its jobs, so that a newcomer's first call takes one of the next places.
-- ARGV: most calls in the window
-- Returns {call ref, attempt, dispatch number} for each call that enters the window.
local most = tonumber(ARGV[1])
local now = now_ms()

for _, ref in ipairs(redis.call('ZRANGEBYSCORE', root .. ':later', '-inf', whole(now), 'LIMIT', 0, 100)) do
  local job, call = split_ref(ref)
  redis.call('ZREM', root .. ':later', ref)
  redis.call('LPUSH', job_key(job) .. ':ready', call)
  enlist(job)
end

local workers, places = root .. ':workers', 0
redis.call('ZREMRANGEBYSCORE', workers, '-inf', whole(now))
for _, worker in ipairs(redis.call('ZRANGE', workers, 0, -1)) do
  places = places + tonumber(string.match(worker, ':(%d+)$'))
end

local function next_call(job)
  local base = job_key(job)
  local may = redis.call('HMGET', base, 'status', 'cut', 'short')
  if may[1] ~= 'running' or may[2] or may[3] then
    return nil
  end
  local ready = redis.call('LPOP', base .. ':ready')
  while ready do
    if redis.call('HGET', call_key(job, ready), 'state') == 'planned' then
      return ready
    end
    ready = redis.call('LPOP', base .. ':ready')
  end
  local known = redis.call('HMGET', base, 'next', 'roots', 'base')
  if not known[2] or number_of(known[1]) > number_of(known[3]) + number_of(known[2]) then
    return nil
  end
  redis.call('HINCRBY', base, 'next', 1)
  redis.call('HSET', call_key(job, known[1]), 'state', 'planned')
  redis.call('SADD', base .. ':live', known[1])
  return known[1]
end

local out = {}
local room = math.min(most, places) - redis.call('ZCARD', root .. ':window')
while room > 0 do
  local tenant = redis.call('LMOVE', root .. ':ring', root .. ':ring', 'LEFT', 'RIGHT')
  if not tenant then
    break
  end
  local ring = root .. ':ring:' .. tenant
  local id = redis.call('LMOVE', ring, ring, 'LEFT', 'RIGHT')
  if not id then
    redis.call('LREM', root .. ':ring', 0, tenant)
    redis.call('SREM', root .. ':ring-tenants', tenant)
  else
    local job = tenant .. '/' .. id
    local call = next_call(job)
    if not call then
      delist(job)
    else
      local key = call_key(job, call)
      local dispatch = redis.call('HINCRBY', key, 'dispatch', 1)
      redis.call('ZADD', root .. ':window', whole(now), call_ref(job, call))
      out[#out + 1] = { call_ref(job, call), whole(number_of(redis.call('HGET', key, 'attempt')) + 1), whole(dispatch) }
      room = room - 1
    end
  end
end
return out
