-- The account's permit at its very first start: nothing was ever in flight. Changes nothing where it stands already.
--- @include "permit/permit"
redis.call('HSETNX', permit, 'run', run_id)
epoch_now()
return 'ok'
