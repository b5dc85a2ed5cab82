-- The account's workers live, and what they have written up to now is here: a later Redis that has lost some of it has an
-- older time.
--- @include "permit/permit"
keep_epoch()
redis.call('SET', heard_at_key(account), whole(math.floor(now / 1000)))
return 'ok'
