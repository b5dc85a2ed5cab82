-- Makes the whole account wait. A longer wait is never made shorter. Takes ms, why besides permit.lua's arguments.
-- If the upstream says twice within a minute that too many requests are in flight, someone else must be using the
-- login: a tenth of the slots stays unused (half of them at most), and one comes back each minute. Answers how many
-- slots are in use from now on.
--- @include "permit/permit"
local ms, why = arg.ms, arg.why
keep_epoch()
make_account_wait(ms, why)
if why == 'in_flight' then
  local crowded_at = number_of(redis.call('HGET', permit, 'crowded_at'))
  -- Requests that were in flight together are refused together: the later refusals tell nothing new.
  if now - crowded_at > ms * 1000 and now - crowded_at <= REGROW_US then
    usable_slots = math.max(math.ceil(slots / 2), usable_slots - math.max(1, math.floor(usable_slots / 10)))
    redis.call('HSET', permit, 'cut', whole(slots - usable_slots), 'cut_at', whole(now))
  end
  if now - crowded_at > ms * 1000 then
    redis.call('HSET', permit, 'crowded_at', whole(now))
  end
end
return usable_slots
