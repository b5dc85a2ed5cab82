-- Grants one request that is not a call, such as a look-up of the upstream's record.
-- ARGV: account, lease, in flight, interval us, burst us, lease us
-- Returns {'granted'} | {'wait', ms, reason}
-- Asking again with a lease that stands gives it again: a reply may have been lost.
local standing = redis.call('ZSCORE', root .. ':account:' .. ARGV[1] .. ':leases', ARGV[2])
if standing and tonumber(standing) > now_us() then
  return { 'granted' }
end
local wait, reason = take_permit(ARGV[1], ARGV[2], limits_from(3))
if wait then
  return { 'wait', whole(wait), reason }
end
return { 'granted' }
