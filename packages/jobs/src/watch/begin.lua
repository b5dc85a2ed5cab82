-- Opens a run that a user asks for. Takes tenant, name. Answers result: 'opened' | 'unfinished' (with job, that of a run
-- that is not finished, empty while it has none) | 'gone'.
--- @include "watch/watch"
local tenant, name = arg.tenant, arg.name
if redis.call('EXISTS', watch_state_key(tenant, name)) == 0 then
  return cjson.encode({ result = 'gone' })
end
local other = unfinished_run(tenant, name)
if other then
  return cjson.encode({ result = 'unfinished', job = other })
end
open_run(tenant, name, now_ms(), 'user')
return cjson.encode({ result = 'opened' })
