-- Put before the scripts that let records of deliveries go: each goes with its job, but for one that is still to be
-- delivered, which goes when that is over.
local function forget_delivery(tenant, id)
  local key = root .. ':delivery:' .. id
  redis.call('UNLINK', key, key .. ':attempts')
  redis.call('ZREM', root .. ':deliveries-of:' .. tenant, id)
end

local function forget_deliveries_of(job)
  local tenant = string.match(job, '^([^/]+)/')
  local list = job_key(job) .. ':deliveries'
  for _, id in ipairs(redis.call('LRANGE', list, 0, -1)) do
    local key = root .. ':delivery:' .. id
    if redis.call('HGET', key, 'state') == 'pending' then
      redis.call('HSET', key, 'job_gone', '1')
    else
      forget_delivery(tenant, id)
    end
  end
  redis.call('UNLINK', list)
end
