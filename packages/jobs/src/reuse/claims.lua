-- Claims: which targets of a question calls are buying now, by the call. Only calls of jobs that say `max_age` have
-- some. A claim holds while its call is being sent, or its fate is being looked up.
--- @include "redis/shared"

-- Nil if the call may buy its targets; 'answered': an answer about one came after they were looked up; 'claimed':
-- another call is buying one.
local function why_not_buy(ref, wanted)
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
      local state = redis.call('HGET', call_key(job, call), 'state')
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
