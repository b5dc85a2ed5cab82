-- Records how far the upstream's record was searched after Redis may have lost writes (see begin_epoch in permit.lua).
-- Takes account, changed_at (when Redis may have lost writes), progress: from, to, unknown_since (when the search first
-- saw a running call that no job knows; nil if it saw none), at (when to go on), all in ms. Without progress the search
-- is finished.
-- Answers 1; 0 if Redis may have lost writes again meanwhile: then the search starts over.
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
