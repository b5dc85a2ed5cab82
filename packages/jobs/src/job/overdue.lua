-- Ends the time of a job whose deadline is over. ARGV: job
-- Returns 1 when nothing of the job is open any more. One that is paused already stays so, unless it is to finish.
--- @include "job/ending"
local job = ARGV[1]
local known = redis.call('HMGET', job_key(job), 'deadline', 'finished_at')
local over = known[1] and tonumber(known[1]) <= now_ms()
if over and not known[2] and not is_ended(job) then
  run_out(job, 'deadline')
end
return closable(job)
