-- Put before the scripts that grant a send. The permit: GCRA for the rate, a sorted set of leases for the requests in
-- flight, and a pause, all on Redis' clock. In any window W at most floor((W + burst) / interval) + 1 sends are granted.
-- take_permit returns nil when the send may go now, else the milliseconds to wait and why.
local function take_permit(account, lease, limits)
  local base = root .. ':account:' .. account
  local now = now_us()
  local paused = redis.call('PTTL', base .. ':pause')
  if paused > 0 then
    return paused, 'paused'
  end
  local leases = base .. ':leases'
  redis.call('ZREMRANGEBYSCORE', leases, '-inf', whole(now))
  if redis.call('ZCARD', leases) >= limits.in_flight then
    local first = redis.call('ZRANGE', leases, 0, 0, 'WITHSCORES')
    return math.ceil((tonumber(first[2]) - now) / 1000), 'in_flight'
  end
  local tat = math.max(number_of(redis.call('GET', base .. ':tat')), now)
  if tat - limits.burst_us > now then
    return math.ceil((tat - limits.burst_us - now) / 1000), 'rate'
  end
  redis.call('SET', base .. ':tat', whole(tat + limits.interval_us), 'PX', 120000)
  redis.call('ZADD', leases, whole(now + limits.lease_us), lease)
  return nil
end

local function limits_from(first)
  return {
    in_flight = tonumber(ARGV[first]),
    interval_us = tonumber(ARGV[first + 1]),
    burst_us = tonumber(ARGV[first + 2]),
    lease_us = tonumber(ARGV[first + 3]),
  }
end

local function end_lease(account, lease)
  if redis.call('ZREM', root .. ':account:' .. account .. ':leases', lease) == 1 then
    redis.call('PUBLISH', root .. ':account:' .. account .. ':released', '1')
  end
end
