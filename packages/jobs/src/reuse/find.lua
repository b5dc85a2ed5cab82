-- Looks targets up. Takes question, buckets and fields (of each target).
-- Answers version; values: of each target two, what its field has and what the field for parts has ('' for nothing);
-- jobs: by the numbers that these name, the jobs that still exist.
--- @include "redis/shared"
local values, jobs, seen = {}, {}, {}
local numbers = reuse_jobs_key(arg.question)

local function note_job(value)
  local number = string.match(value, '^(%d+)%.')
  if number and not seen[number] then
    seen[number] = true
    local job = redis.call('HGET', numbers, number)
    if job and redis.call('EXISTS', job_key(job)) == 1 then
      jobs[number] = job
    end
  end
end

for at, field in ipairs(arg.fields) do
  local found = redis.call('HMGET', reuse_bucket_key(arg.question, arg.buckets[at]), field, field .. '~')
  for kind = 1, 2 do
    local value = found[kind] or ''
    values[2 * at - 2 + kind] = value
    note_job(value)
  end
end
local version = number_of(redis.call('HGET', reuse_key(arg.question), 'version'))
return cjson.encode({ version = version, values = values, jobs = jobs })
