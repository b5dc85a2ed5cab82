-- Ends a lease: the upstream has answered, or nothing was sent. ARGV: account, lease
end_lease(ARGV[1], ARGV[2])
return 'ok'
