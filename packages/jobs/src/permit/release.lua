-- Ends a lease: the upstream has answered, or nothing was sent. ARGV 7: lease
--- @include "permit/permit"
end_lease(ARGV[7])
return 'ok'
