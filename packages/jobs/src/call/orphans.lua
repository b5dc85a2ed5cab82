-- Finds calls that are sending and that no worker will settle. Takes overdue_ms (how long after its send a call is
-- overdue), silent_ms (how long a worker must be silent to be taken for dead).
-- Answers a list of their names.
-- A silent worker counts as dead only if this script has run without a gap for silent_ms: after an outage of Redis all
-- workers have been silent, and are alive.
-- An overdue call is left to its worker while the worker is alive, because it may hold an answer that storage does not
-- accept yet. Exceptions: a call of an earlier epoch, because Redis may have lost how it ended, and any call after a day.
--- @include "redis/shared"
local LOOKED_MS, LONGEST_MS = 6000, 86400000
local now = now_ms()
local overdue_ms = arg.overdue_ms
local since = number_of(redis.call('GET', watch_key) or whole(now))
redis.call('SET', watch_key, whole(since), 'PX', LOOKED_MS)
local is_watched = now - since >= arg.silent_ms
local epoch_at = number_of(string.match(redis.call('GET', epoch_key) or '', '%.(%d+)$')) / 1000
local orphans = {}
local sending = redis.call('ZRANGE', sending_key, 0, -1, 'WITHSCORES')
for at = 1, #sending, 2 do
  local ref, sent_at = sending[at], tonumber(sending[at + 1])
  local job, call = split_ref(ref)
  local worker = redis.call('HGET', call_key(job, call), 'worker')
  local silent_ms = now - number_of(redis.call('ZSCORE', workers_key, worker or ''))
  local age_ms = now - sent_at
  local is_lost = silent_ms > overdue_ms or sent_at < epoch_at
  if is_watched and silent_ms > arg.silent_ms or age_ms > overdue_ms and is_lost or age_ms > LONGEST_MS then
    orphans[#orphans + 1] = ref
  end
end
return orphans
