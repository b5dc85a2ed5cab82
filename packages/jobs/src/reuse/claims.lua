-- A claim says that a call is buying a target of a question now. Only calls of jobs that say `max_age` make claims. A claim
-- holds while its call is sending or unknown; the claim of a list holds until the last page.
--- @include "redis/shared"

-- The state of the last planned page of a list, from the page on that made the claim. Nil if no page of it is open.
local function state_of_list(job, call)
  local known = redis.call('HMGET', job_key(job), 'status', 'roots', 'calls_per_part')
  local state = redis.call('HGET', call_key(job, call), 'state')
  while not state and known[3] ~= '1' and redis.call('GETBIT', continued_key(job), call) == 1 do
    call = whole(tonumber(call) + tonumber(known[2]))
    state = redis.call('HGET', call_key(job, call), 'state')
    if state == 'planned' and known[1] == 'running' then
      return 'sending'
    end
  end
  return state
end

-- Nil if the call may buy its targets; 'answered': they have to be looked up again, because an answer about one came
-- since then, a copy has become too old, or the job that it came from was removed; 'claimed':
-- another call is buying one.
local function why_not_buy(ref, wanted)
  if wanted.until_ms and now_ms() > wanted.until_ms then
    return 'answered'
  end
  for _, source in ipairs(wanted.sources) do
    if redis.call('EXISTS', job_key(source)) == 0 then
      return 'answered'
    end
  end
  for at, field in ipairs(wanted.fields) do
    local found = redis.call('HMGET', reuse_bucket_key(wanted.question, wanted.buckets[at]), field, field .. '~')
    for kind = 1, 2 do
      local version = found[kind] and tonumber(string.match(found[kind], '(%d+)$'))
      if version and version > wanted.version then
        return 'answered'
      end
    end
  end
  local holds = {}
  for _, buyer in ipairs(redis.call('HMGET', reuse_claims_key(wanted.question), unpack(wanted.fields))) do
    if buyer and buyer ~= ref and holds[buyer] == nil then
      local job, call = split_ref(buyer)
      local state = state_of_list(job, call)
      holds[buyer] = state == 'sending' or state == 'unknown'
    end
    if buyer and holds[buyer] then
      return 'claimed'
    end
  end
  return nil
end

local function claim(ref, wanted)
  local key = reuse_claims_key(wanted.question)
  for _, field in ipairs(wanted.fields) do
    redis.call('HSET', key, field, ref)
  end
  redis.call('PEXPIRE', key, DAY_MS)
end

local function end_claims(question, ref, fields)
  local key = reuse_claims_key(question)
  if redis.call('EXISTS', key) == 0 then
    return
  end
  for _, field in ipairs(fields) do
    local claimed = string.gsub(field, '~$', '')
    if redis.call('HGET', key, claimed) == ref then
      redis.call('HDEL', key, claimed)
    end
  end
end
