-- Records the delivery of an event, and that it is due. ARGV: id, tenant, job or '', now ms, most that are kept, and its
--   fields, name after name
-- Returns 'recorded' | 'known'. Recording again changes nothing. Beyond those kept the oldest go, but for what is still to
-- be delivered.
local id, tenant, job, now, most = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local FIRST_FIELD = 6
local OLDEST_AT_ONCE = 10
local key, index = root .. ':delivery:' .. id, root .. ':deliveries-of:' .. tenant
if redis.call('EXISTS', key) == 1 then
  return 'known'
end
redis.call('HSET', key, 'state', 'pending', 'turn', '0', 'created_at', now, unpack(ARGV, FIRST_FIELD))
redis.call('ZADD', index, now, id)
redis.call('ZADD', root .. ':deliveries:pending', now, id)
if job ~= '' then
  redis.call('RPUSH', job_key(tenant .. '/' .. job) .. ':deliveries', id)
end
local beyond = redis.call('ZCARD', index) - most
if beyond > 0 then
  for _, oldest in ipairs(redis.call('ZRANGE', index, 0, math.min(beyond, OLDEST_AT_ONCE) - 1)) do
    local old = root .. ':delivery:' .. oldest
    if redis.call('HGET', old, 'state') ~= 'pending' then
      redis.call('UNLINK', old, old .. ':attempts')
      redis.call('ZREM', index, oldest)
    end
  end
end
return 'recorded'
