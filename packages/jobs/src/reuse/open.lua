-- Begins to keep a question. Takes question.
-- Answers complete: whether the answers that were stored before are noted.
--- @include "redis/shared"
-- Once an answer is noted, the question is kept longer.
local KEPT_DAYS = 90
local key = reuse_key(arg.question)
if redis.call('HSETNX', key, 'version', '0') == 1 then
  redis.call('PEXPIRE', key, whole(KEPT_DAYS * DAY_MS))
end
return cjson.encode({ complete = redis.call('HEXISTS', key, 'complete') == 1 })
