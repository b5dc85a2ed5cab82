-- The whole account waits; a longer wait is never made shorter. Takes ms, why besides permit.lua's.
-- Told twice within a minute that too many requests are in flight at once, the account must share its login with somebody else: a
-- tenth of the slots stays unused, half of them at most, and one a minute comes back. Answers the slots in use from now on.
--- @include "permit/permit"
local ms, why = arg.ms, arg.why
keep_epoch()
make_account_wait(ms, why)
if why == 'in_flight' then
  local crowded_at = number_of(redis.call('HGET', permit, 'crowded_at'))
  -- Requests that were in flight together are refused together: the later ones tell nothing new.
  if now - crowded_at > ms * 1000 and now - crowded_at <= REGROW_US then
    usable_slots = math.max(math.ceil(slots / 2), usable_slots - math.max(1, math.floor(usable_slots / 10)))
    redis.call('HSET', permit, 'cut', whole(slots - usable_slots), 'cut_at', whole(now))
  end
  if now - crowded_at > ms * 1000 then
    redis.call('HSET', permit, 'crowded_at', whole(now))
  end
end
return usable_slots
