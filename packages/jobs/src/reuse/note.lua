-- Notes a stored answer for each of its targets, if the question is kept, and ends the claims of its call. Takes
-- question, job, call, attempt, at (s), buckets and fields (of each target), is_earlier (newer answers stay), keep_ms.
--- @include "reuse/claims"
local FULL = 64
local key = reuse_key(arg.question)
if redis.call('EXISTS', key) == 0 then
  return 'not kept'
end
local numbers = reuse_jobs_key(arg.question)

local function number_of_job(job)
  local number = redis.call('HGET', numbers, job)
  if not number then
    number = whole(redis.call('HINCRBY', key, 'jobs', 1))
    redis.call('HSET', numbers, job, number, number, job)
  end
  return number
end

-- Removes the entries of jobs that were removed.
local function prune(bucket)
  local entries, gone = redis.call('HGETALL', bucket), {}
  for at = 1, #entries, 2 do
    local number = string.match(entries[at + 1], '^(%d+)%.')
    if gone[number] == nil then
      local job = redis.call('HGET', numbers, number)
      gone[number] = not job or redis.call('EXISTS', job_key(job)) == 0
      if job and gone[number] then
        redis.call('HDEL', numbers, number, job)
      end
    end
    if gone[number] then
      redis.call('HDEL', bucket, entries[at])
    end
  end
end

local keep_ms = math.max(arg.keep_ms, number_of(redis.call('HGET', key, 'keep_ms')))
redis.call('HSET', key, 'keep_ms', whole(keep_ms))
local place = table.concat({ number_of_job(arg.job), arg.call, arg.attempt, arg.at, '' }, '.')

-- An answer that is settled again, or comes late, does not take the place of a newer one.
local function is_known(value)
  if not value or arg.is_earlier then
    return value
  end
  local answered_at = tonumber(string.match(value, '^%d+%.%d+%.%d+%.(%d+)%.'))
  return answered_at > tonumber(arg.at) or string.sub(value, 1, #place) == place
end

local value
for at, field in ipairs(arg.fields) do
  local bucket = reuse_bucket_key(arg.question, arg.buckets[at])
  local is_new = 0
  if not is_known(redis.call('HGET', bucket, field)) then
    value = value or place .. whole(redis.call('HINCRBY', key, 'version', 1))
    is_new = redis.call('HSET', bucket, field, value)
  end
  if is_new == 1 and redis.call('HLEN', bucket) % FULL == 0 then
    prune(bucket)
  end
  redis.call('PEXPIRE', bucket, whole(keep_ms))
end
redis.call('PEXPIRE', key, whole(keep_ms))
redis.call('PEXPIRE', numbers, whole(keep_ms))
end_claims(arg.question, call_ref(arg.job, arg.call), arg.fields)
return 'noted'
