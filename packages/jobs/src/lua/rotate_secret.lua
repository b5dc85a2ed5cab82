-- A new secret for a tenant's webhooks; the one before it signs too for a while. ARGV: tenant, new secret, ms for the old one
-- Rotated again within that time, the oldest goes.
local tenant, fresh, overlap = ARGV[1], ARGV[2], ARGV[3]
local key = root .. ':webhook-secret:' .. tenant
local old = redis.call('GET', key)
if old then
  redis.call('SET', key .. ':old', old, 'PX', overlap)
end
redis.call('SET', key, fresh)
return 'ok'
