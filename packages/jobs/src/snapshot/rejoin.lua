-- What a job that came back from storage may need beside its own keys. Takes job. Answers 1. Can be repeated.
-- A running job is in its tenant's ring again, a removed one is not. An event of which this Redis has neither the entry nor
-- a delivery is made again, because nobody has received it.
--- @include "events/events"
local job = arg.job
local tenant = string.match(job, '^([^/]+)/')
local EVENTS = { paused = 'job.paused', completed = 'job.completed', cancelled = 'job.cancelled', failed = 'job.failed' }

local function is_delivered(place)
  for _, delivery in ipairs(redis.call('LRANGE', deliveries_of_job_key(job), 0, -1)) do
    if redis.call('HGET', delivery_key(delivery), 'place') == place then
      return true
    end
  end
  return false
end

local function is_lost(place)
  return #redis.call('XRANGE', events_key(tenant), place, place) == 0 and not is_delivered(place)
end

local known = redis.call('HMGET', job_key(job), 'status', 'event', 'finished_at')
local status, place = known[1], known[2]
if not status then
  delist(job)
  return 1
end
enlist(job)
-- The event of a cancelled or failed job is made when the job is closed.
local has_event = EVENTS[status] and (status == 'paused' or known[3])
if has_event and place and is_lost(place) then
  emit_of_job(job, EVENTS[status])
end
return 1
