-- Notes how far the upstream's record was read after Redis may have lost writes (see begin_epoch in permit.lua).
-- Takes account, changed_at (of that loss); to go on later: progress, with from, to, unknown_since (when a call was
-- first seen running that no job knows; nil if none was), at (when to go on), all in ms. Without progress the record
-- was read to its end.
-- Answers 1; 0 if there was another loss meanwhile: then the record is read from the beginning again.
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
