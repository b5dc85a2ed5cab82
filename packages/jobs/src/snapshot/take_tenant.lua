-- Takes a snapshot of a tenant: its settings, keys and watches, at one moment. Takes tenant. Answers what take_job.lua
-- does. The number is -1 also if Redis does not know the installation: it has lost what earlier snapshots hold, and this
-- one would count instead of them.
--- @include "snapshot/take"
local tenant = arg.tenant

if not arg.peek and (is_behind() or not redis.call('HGET', installation_key, 'id')) then
  return { '-1', '0', '0', '', {} }
end

take(tenant_key(tenant))
take(api_keys_key(tenant))
for _, hash in ipairs(redis.call('HVALS', api_keys_key(tenant))) do
  take(api_key_key(hash))
end
take(api_keys_used_key(tenant))
take(default_webhook_key(tenant))
take(webhook_secret_key(tenant))
take(old_webhook_secrets_key(tenant))
take(watches_key(tenant))
take(watch_budgets_key(tenant))
for _, name in ipairs(redis.call('ZRANGE', watches_key(tenant), 0, -1)) do
  take(watch_state_key(tenant, name))
  take(watch_runs_key(tenant, name))
  take_score(watch_ticks_key, tenant .. '/' .. name)
  take_member(watches_open_key, tenant .. '/' .. name)
end
take_member(tenants_key, tenant)
return snapshot_of(tenant)
