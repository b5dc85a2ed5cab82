-- Grants one send of a call: the permit and the ledger's planned -> sending, together.
-- ARGV: account, job, call, attempt, worker, rows, reserve (nanos), in flight, interval us, burst us, lease us,
--       the dispatch that the call's message is of, or ''
-- Returns {'granted', sent_at ms, failures, age of the grant in ms, unsent attempts} | {'wait', ms, reason} | {'refused', why}
-- Asking again with the same attempt and worker gives the same grant: a reply may have been lost. Refused as 'moved' is a
-- call that has left the window, or entered it again: it has another message by now, or will have.
local account, job, call, attempt, worker = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local rows, reserve, dispatch = tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[12]
local key = call_key(job, call)
local known = redis.call('HMGET', key, 'state', 'attempt', 'worker', 'sent_at', 'failures', 'dispatch', 'unsent')
if dispatch ~= '' and known[6] and known[6] ~= dispatch then
  return { 'refused', 'moved' }
end
if known[1] == 'sending' and known[2] == attempt and known[3] == worker then
  return { 'granted', known[4], known[5] or '0', whole(now_ms() - tonumber(known[4])), known[7] or '0' }
end
if known[1] ~= 'planned' or number_of(known[2]) + 1 ~= tonumber(attempt) then
  return { 'refused', known[1] or 'settled' }
end
if not redis.call('ZSCORE', root .. ':window', call_ref(job, call)) then
  return { 'refused', 'moved' }
end
local status = redis.call('HGET', job_key(job), 'status')
if status ~= 'running' then
  return { 'refused', status or 'gone' }
end
local wait, reason = take_permit(account, call_ref(job, call) .. '.' .. attempt, limits_from(8))
if wait then
  return { 'wait', whole(wait), reason }
end
local sent_at = whole(now_ms())
redis.call('HSET', key, 'state', 'sending', 'attempt', attempt, 'worker', worker, 'sent_at', sent_at,
  'rows', whole(rows), 'reserved', whole(reserve))
redis.call('ZADD', root .. ':sending', sent_at, call_ref(job, call))
add(job, 'in_flight', 1)
add(job, 'attempts', 1)
add(job, 'reserved', reserve)
changed(job)
return { 'granted', sent_at, known[5] or '0', '0', known[7] or '0' }
