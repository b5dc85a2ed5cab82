-- A call in the window that may not be sent now (its job is paused or cancelled) leaves the window.
-- ARGV: job, call, attempt
local job, call, attempt = ARGV[1], ARGV[2], ARGV[3]
local known = redis.call('HMGET', call_key(job, call), 'state', 'attempt')
if known[1] == 'planned' and number_of(known[2]) + 1 == tonumber(attempt) then
  plan_again(job, call, nil)
end
return 'ok'
