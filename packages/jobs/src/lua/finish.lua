-- Closes a job when nothing is open any more. ARGV: job
-- Returns the status, or 'open' when it cannot be closed yet. Closing again changes nothing.
local job = ARGV[1]
local base = job_key(job)
local known = redis.call('HMGET', base, 'status', 'open', 'roots', 'finished_at', 'ok', 'empty', 'failed', 'skipped')
local status = known[1]
if known[4] then
  return status
end
if not status or (not known[3] and status ~= 'cancelled') or number_of(known[2]) > 0 then
  return 'open'
end
local good, bad = number_of(known[5]) + number_of(known[6]), number_of(known[7]) + number_of(known[8])
local outcome = good == 0 and 'none' or (bad > 0 and 'partial' or 'complete')
local to = status == 'cancelled' and 'cancelled' or 'completed'
redis.call('HSET', base, 'status', to, 'reason', '', 'outcome', outcome, 'finished_at', whole(now_ms()))
if to ~= status then
  local entry = { at = now_ms(), by = 'system', action = 'finish', from = status, to = to }
  redis.call('RPUSH', base .. ':history', cjson.encode(entry))
end
changed(job)
return to
