-- Included by scripts that remove a job or take its snapshot.
--- @include "redis/shared"

-- Calls `visit` with each key of the job, except its hash, the hashes of its calls and deliveries, and its usage, which
-- outlives it.
local function each_key_of(job, visit)
  for _, key in ipairs({ history_key(job), live_key(job), ready_key(job), stored_key(job), failed_key(job),
    empty_key(job), mixed_key(job), attempts_key(job), continued_key(job), damaged_key(job), partly_retried_key(job),
    fates_key(job), lost_key(job), splits_key(job), codes_key(job), series_key(job), collected_key(job) }) do
    visit(key)
  end
  for run = 2, number_of(redis.call('HGET', job_key(job), 'run')) do
    visit(retried_key(job, run))
  end
end
