-- Ends the claim of a live request, or keeps it for a time, unless another job has it by now.
-- Takes tenant, hash, job, kept_ms (0: the claim ends). Answers 'ok'.
--- @include "redis/shared"
local key = live_request_key(arg.tenant, arg.hash)
if redis.call('GET', key) ~= arg.job then return 'ok' end
if arg.kept_ms == 0 then
  redis.call('DEL', key)
else
  redis.call('PEXPIRE', key, arg.kept_ms)
end
return 'ok'
