-- Makes the account's permit at its very first start, when nothing was ever in flight. Changes nothing if it exists.
--- @include "permit/permit"
redis.call('HSETNX', permit, 'run', run_id)
epoch_now()
return 'ok'
