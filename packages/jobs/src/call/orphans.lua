-- Whether workers live, and which calls have lost theirs. ARGV: 'beat' | 'find', worker, and, to find: ms after its sending
--   when a call is overdue
-- Returns, for 'find', the names of calls that are sending and that nobody will settle.
-- A silence counts only where somebody has looked all the while: after an outage of this server none was heard, and all live.
-- An overdue call is left alone while its worker is heard of: that may hold an answer which storage does not take yet. But
-- this server may have lost what a worker wrote of a call of an earlier epoch; and in the end each call comes to rest.
--- @include "redis/shared"
local SILENT_MS, LOOKED_MS, FORGOTTEN_MS, LONGEST_MS = 10000, 6000, 3600000, 86400000
local heard, watch = heard_key, watch_key
local now = now_ms()
if ARGV[1] == 'beat' then
  redis.call('ZADD', heard, whole(now), ARGV[2])
  redis.call('ZREMRANGEBYSCORE', heard, '-inf', whole(now - FORGOTTEN_MS))
  return {}
end
local overdue_ms = tonumber(ARGV[3])
local since = number_of(redis.call('GET', watch) or whole(now))
redis.call('SET', watch, whole(since), 'PX', LOOKED_MS)
local is_watched = now - since >= SILENT_MS
local epoch_at = number_of(string.match(redis.call('GET', epoch_key) or '', '%.(%d+)$')) / 1000
local orphans = {}
local sending = redis.call('ZRANGE', sending_key, 0, -1, 'WITHSCORES')
for at = 1, #sending, 2 do
  local ref, sent_at = sending[at], tonumber(sending[at + 1])
  local job, call = split_ref(ref)
  local worker = redis.call('HGET', call_key(job, call), 'worker')
  local silent_ms = now - number_of(redis.call('ZSCORE', heard, worker or ''))
  local age_ms = now - sent_at
  local is_lost = silent_ms > overdue_ms or sent_at < epoch_at
  if is_watched and silent_ms > SILENT_MS or age_ms > overdue_ms and is_lost or age_ms > LONGEST_MS then
    orphans[#orphans + 1] = ref
  end
end
return orphans
