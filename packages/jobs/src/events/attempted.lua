-- An attempt of a delivery is over. ARGV: id, its turn, the attempt (JSON), most attempts that are kept, the state after it,
--   ms when the next attempt is due or ''
-- Returns 'noted' | 'gone': its record went meanwhile, or goes now, delivered, as its job has gone. One that failed stays for
--   a while without its job, with its body: nothing else says any more what it was to say. An attempt of a turn that is over
--   decides nothing: its holder was taken for dead, or it is to be sent again.
--- @include "events/deliveries"
local FAILED_KEPT_MS = 30 * 24 * 3600 * 1000
local id, turn, attempt, most, state, due_at = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5], ARGV[6]
local key = delivery_key(id)
local tenant, job_gone, turn_now, state_now = unpack(redis.call('HMGET', key, 'tenant', 'job_gone', 'turn', 'state'))
if not tenant then
  redis.call('ZREM', pending_deliveries_key, id)
  return 'gone'
end
local is_over = due_at == ''
local counts = turn == turn_now and state_now == 'pending'
if counts and is_over then
  leave_delivery_line(tenant, id)
  if job_gone and state == 'delivered' then
    forget_delivery(tenant, id)
    return 'gone'
  end
  if not job_gone then
    redis.call('HDEL', key, 'body')
  end
elseif counts then
  line_up(tenant, id, due_at)
end
redis.call('RPUSH', delivery_attempts_key(id), attempt)
redis.call('LTRIM', delivery_attempts_key(id), -most, -1)
if counts then
  redis.call('HINCRBY', key, 'turn', 1)
  redis.call('HSET', key, 'state', state)
end
if counts and job_gone and is_over then
  redis.call('PEXPIRE', key, FAILED_KEPT_MS)
  redis.call('PEXPIRE', delivery_attempts_key(id), FAILED_KEPT_MS)
end
return 'noted'
