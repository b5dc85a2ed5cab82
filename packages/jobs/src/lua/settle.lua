-- The last step of a call, after its answer is stored: counts, cost, and the call that follows it, exactly once.
-- ARGV: job, call, attempt, 'stored' | 'failed', ok, empty, failed, items, cost (nanos), next call or '', simulated 0|1,
--       keep unconfirmed 0|1, 1 where the cost is that of an answer that was lost
-- Returns {'settled' | 'repeated' | 'late', 1 when nothing of the job is open any more}
-- A late answer, of an attempt that is no longer the current one, adds its cost and nothing else. An answer that comes
-- after its attempt was given up, but before the next one was sent, counts: it is not paid for twice.
local job, call, attempt, verdict = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local ok, empty, failed, items, cost = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local next_call, simulated, keep, lost_answer = ARGV[10], ARGV[11], ARGV[12], ARGV[13]
local key, base = call_key(job, call), job_key(job)
local known = redis.call('HMGET', key, 'state', 'attempt', 'reserved', 'rows')
local state, rows = known[1], number_of(known[4])

if not (state and known[2] == attempt) then
  local settled = redis.call('GETBIT', base .. ':stored', call) + redis.call('GETBIT', base .. ':failed', call)
  local by = settled > 0 and (redis.call('HGET', base .. ':attempts', call) or '1')
  if by == attempt or not waste(job, call, attempt, cost) then
    return { 'repeated', closable(job) }
  end
  changed(job)
  return { 'late', closable(job) }
end

if state == 'sending' then
  unreserve(job, call)
elseif state == 'planned' then
  local lost = redis.call('HGET', base .. ':lost', call .. '.' .. attempt)
  if lost then
    add(job, 'wasted', -tonumber(lost))
    cost = cost - tonumber(lost)
    redis.call('HDEL', base .. ':lost', call .. '.' .. attempt)
  end
else
  add(job, 'unknown', -1)
  if keep == '0' then
    add(job, 'unconfirmed', -number_of(known[3]))
  end
end
forget_call(job, call)
redis.call('SETBIT', base .. ':' .. verdict, call, 1)
if attempt ~= '1' then
  redis.call('HSET', base .. ':attempts', call, attempt)
end
add(job, verdict == 'stored' and 'done' or 'failed_calls', 1)
add(job, 'ok', ok)
add(job, 'empty', empty)
add(job, 'failed', failed)
add(job, 'pending', -(ok + empty + failed))
add(job, 'items', items)
add(job, 'spent', cost)
if lost_answer == '1' then
  add(job, 'wasted', cost)
end
if simulated == '1' then
  redis.call('HSET', base, 'simulated', '1')
  redis.call('SADD', root .. ':simulated', redis.call('HGET', base, 'upstream_host') or '')
end
add(job, 'open', -1)
if next_call ~= '' then
  if redis.call('HGET', base, 'status') == 'cancelled' then
    add(job, 'pending', -rows)
    add(job, 'skipped', rows)
  else
    add(job, 'open', 1)
    add(job, 'planned', 1)
    redis.call('HSET', call_key(job, next_call), 'state', 'planned', 'rows', whole(rows))
    redis.call('SADD', base .. ':live', next_call)
    redis.call('RPUSH', base .. ':ready', next_call)
    enlist(job)
  end
end
changed(job)
return { 'settled', closable(job) }
