-- Begins to keep a question. Takes question.
-- Answers complete: whether the answers that were stored before are noted.
--- @include "redis/shared"
local key = reuse_key(arg.question)
redis.call('HSETNX', key, 'version', '0')
return cjson.encode({ complete = redis.call('HEXISTS', key, 'complete') == 1 })
