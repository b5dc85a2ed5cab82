-- How far the upstream's record was read after Redis may have lost writes: see begin_epoch in permit.lua. Takes account,
-- changed_at (of that loss); to go on later: progress, with from, to, unknown_since (when calls were first seen under way that no job
-- knows; nil where there are none), at (when to go on), all ms. Without progress it is read to its end.
-- Answers 1, or 0 where there was another loss since: then the record is read again from the beginning.
--- @include "redis/shared"
local aftermath, progress = aftermath_key(arg.account), arg.progress
if redis.call('HGET', aftermath, 'changed_at') ~= whole(arg.changed_at) then
  return 0
end
if progress then
  redis.call('HSET', aftermath, 'from', whole(progress.from), 'to', progress.to and whole(progress.to) or '',
    'open', progress.unknown_since and whole(progress.unknown_since) or '', 'at', whole(progress.at))
else
  redis.call('DEL', aftermath)
end
return 1
