-- Grants one request that is not a call, such as a look-up of the upstream's record. ARGV 7: lease, 1 where more wait
-- Returns {'granted', ms since the send time (negative: until it), 1 when the worker stands in line} | {'wait', ms, reason}
-- Asking again with a lease that stands gives it again: a reply may have been lost.
--- @include "permit/permit"
local lease, more = ARGV[7], ARGV[8]
local ends_at = redis.call('ZSCORE', leases, lease)
if ends_at and tonumber(ends_at) > now then
  return { 'granted', whole(math.floor((now + lease_us - tonumber(ends_at)) / 1000)), '0' }
end
local wait, reason = take_permit(lease, true)
if wait then
  return { 'wait', whole(wait), reason }
end
return { 'granted', whole(-math.ceil((reason - now) / 1000)), line_up(more, reason) }
