-- Takes a snapshot of a tenant: its settings and keys, at one moment. Takes tenant. Answers what take_job.lua does.
--- @include "snapshot/take"
local tenant = arg.tenant

take(tenant_key(tenant))
take(api_keys_key(tenant))
for _, hash in ipairs(redis.call('HVALS', api_keys_key(tenant))) do
  take(api_key_key(hash))
end
take(api_keys_used_key(tenant))
take(default_webhook_key(tenant))
take(webhook_secret_key(tenant))
take(old_webhook_secrets_key(tenant))
return snapshot_of(tenant)
