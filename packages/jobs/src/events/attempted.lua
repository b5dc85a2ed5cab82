-- Records that an attempt of a delivery is over. Takes id, round, attempt (JSON), code (why it was not delivered),
-- most_kept (attempts), state (of the delivery after it), due_at (of the next attempt, nil if there is none).
-- Answers 'noted' | 'gone': its record was removed before, or is removed now because it was delivered and its job is
-- gone.
-- Without its job a failed delivery is kept for a while, with its body, which nothing else has any more. An attempt of
-- an earlier round decides nothing: its worker was taken for dead, or the delivery is to be sent again.
--- @include "events/deliveries"
--- @include "tenant/problems"
local FAILED_KEPT_MS = 30 * 24 * 3600 * 1000
local id, state = arg.id, arg.state
local key = delivery_key(id)
local tenant, job_gone, round_now, state_now, job =
  unpack(redis.call('HMGET', key, 'tenant', 'job_gone', 'turn', 'state', 'job'))
if not tenant then
  redis.call('ZREM', pending_deliveries_key, id)
  return 'gone'
end
local is_over = not arg.due_at
local counts = arg.round == round_now and state_now == 'pending'
if counts and is_over then
  leave_queue(tenant, id)
  if job_gone and state == 'delivered' then
    forget_delivery(tenant, id)
    return 'gone'
  end
  if not job_gone then
    redis.call('HDEL', key, 'body')
  end
elseif counts then
  queue_delivery(tenant, id, whole(arg.due_at))
end
redis.call('RPUSH', delivery_attempts_key(id), arg.attempt)
redis.call('LTRIM', delivery_attempts_key(id), -arg.most_kept, -1)
if counts then
  redis.call('HINCRBY', key, 'turn', 1)
  redis.call('HSET', key, 'state', state)
end
if counts and state == 'failed' then
  note_problem(tenant, { kind = 'delivery', code = arg.code, job = job ~= '' and job or nil })
end
if counts and job_gone and is_over then
  redis.call('PEXPIRE', key, FAILED_KEPT_MS)
  redis.call('PEXPIRE', delivery_attempts_key(id), FAILED_KEPT_MS)
end
return 'noted'
