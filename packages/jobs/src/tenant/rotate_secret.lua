-- Gives a tenant a new secret for its webhooks. The earlier secrets go on signing for a while.
-- Takes tenant, fresh, overlap_ms, most_old (secrets that sign beside the new one). Answers 'ok'.
--- @include "redis/shared"
local key, olds = webhook_secret_key(arg.tenant), old_webhook_secrets_key(arg.tenant)
local old = redis.call('GET', key)
if old then
  redis.call('ZADD', olds, whole(now_ms() + arg.overlap_ms), old)
  redis.call('ZREMRANGEBYSCORE', olds, '-inf', whole(now_ms()))
  redis.call('ZREMRANGEBYRANK', olds, 0, -arg.most_old - 1)
  redis.call('PEXPIRE', olds, arg.overlap_ms)
end
redis.call('SET', key, arg.fresh)
return 'ok'
