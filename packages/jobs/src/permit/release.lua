-- Ends a lease: the upstream has answered, or nothing was sent. Takes lease besides permit.lua's arguments. Answers
-- 'ok'.
--- @include "permit/permit"
end_lease(arg.lease)
return 'ok'
