-- Grants one request that is not a call, such as a look-up of the upstream's record. Takes lease, more (calls wait
-- behind it) besides permit.lua's arguments. Asking again with a lease that exists gives it again, because the answer
-- may have been lost.
-- Answers kind: 'granted', with age_ms (since the send time; negative: until then), is_queued | 'wait', with ms, reason
--- @include "permit/permit"
local lease = arg.lease
local ends_at = redis.call('ZSCORE', leases, lease)
if ends_at and tonumber(ends_at) > now then
  return cjson.encode({ kind = 'granted', age_ms = math.floor((now + lease_us - tonumber(ends_at)) / 1000), is_queued = false })
end
local send_at, wait, reason = take_permit(lease, true)
if not send_at then
  return wait_answer(wait, reason)
end
local age_ms = -math.ceil((send_at - now) / 1000)
return cjson.encode({ kind = 'granted', age_ms = age_ms, is_queued = queue_for_more(arg.more, send_at) })
