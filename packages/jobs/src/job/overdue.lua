-- Ends the time of a job whose deadline has passed. Takes job. A paused job stays paused, unless it is to finish at its
-- deadline.
-- Answers result: 'done' | 'none', and last: nothing of the job is open any more.
--- @include "job/ending"
local job = arg.job
local known = redis.call('HMGET', job_key(job), 'deadline', 'finished_at')
local over = known[1] and tonumber(known[1]) <= now_ms()
if over and not known[2] and not is_ended(job) then
  run_out(job, 'deadline')
  return step_answer('done', job)
end
return step_answer('none', job)
