-- What the account's workers have written up to now is here: a later Redis that has lost some of it has an older time.
--- @include "permit/permit"
keep_epoch()
redis.call('SET', time_mark_key(account), whole(math.floor(now / 1000)))
return 'ok'
