-- Marks the time up to which Redis has everything that the account's workers wrote. If it loses some of it, it also
-- goes back to an older mark.
--- @include "permit/permit"
keep_epoch()
redis.call('SET', time_mark_key(account), whole(math.floor(now / 1000)))
return 'ok'
