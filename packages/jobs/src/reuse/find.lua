-- Looks targets up. Takes question, buckets and fields (of each target), has_parts (lists: an answer may have a part of
-- the items).
-- Answers version, complete (the answers from before the question was kept are noted), and
--   values: what is known of the targets, each value once. Many targets have one value, that of the call that bought them
--   places: for each target the place of its value in that list, from 1; or 0
--   parts: the same for answers with a part of the items, if has_parts
--   jobs: the jobs that still exist, by the numbers that the values name
--- @include "redis/shared"
local values, place_of = {}, {}

local function place(value)
  if not value then
    return 0
  end
  if not place_of[value] then
    values[#values + 1] = value
    place_of[value] = #values
  end
  return place_of[value]
end

local places, parts = {}, {}
for at, field in ipairs(arg.fields) do
  local bucket = reuse_bucket_key(arg.question, arg.buckets[at])
  places[at] = place(redis.call('HGET', bucket, field))
  if arg.has_parts then
    parts[at] = place(redis.call('HGET', bucket, field .. '~'))
  end
end

local jobs, numbers = {}, reuse_jobs_key(arg.question)
for _, value in ipairs(values) do
  local number = string.match(value, '^(%d+)%.')
  local job = not jobs[number] and redis.call('HGET', numbers, number)
  if job and redis.call('EXISTS', job_key(job)) == 1 then
    jobs[number] = job
  end
end
local known = redis.call('HMGET', reuse_key(arg.question), 'version', 'complete')
return cjson.encode({ version = number_of(known[1]), complete = known[2] and true or false, values = values, places = table.concat(places, ','),
  parts = table.concat(parts, ','), jobs = jobs })
