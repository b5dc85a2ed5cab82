-- A new secret for a tenant's webhooks; each one before it signs too for a while, the newest ones of them.
-- ARGV: tenant, new secret, ms for the old one
--- @include "redis/shared"
local tenant, fresh, overlap = ARGV[1], ARGV[2], ARGV[3]
-- So many signatures stand in a header of about 600 bytes, beside that of the new one.
local MOST_OLD = 10
local key = webhook_secret_key(tenant)
local olds = old_webhook_secrets_key(tenant)
local old = redis.call('GET', key)
if old then
  redis.call('ZADD', olds, whole(now_ms() + overlap), old)
  redis.call('ZREMRANGEBYSCORE', olds, '-inf', whole(now_ms()))
  redis.call('ZREMRANGEBYRANK', olds, 0, -MOST_OLD - 1)
  redis.call('PEXPIRE', olds, overlap)
end
redis.call('SET', key, fresh)
return 'ok'
