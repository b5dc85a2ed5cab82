#!/bin/sh
# Starts Redis with the password of a file: given as an argument, everybody on the machine could read it.
set -eu
password=$(cat "${SECRETS_DIR:-/secrets}/redis-password")
# Jobs must outlive a restart and never be evicted.
exec redis-server - "$@" <<CONFIG
requirepass $password
appendonly yes
save ""
maxmemory-policy noeviction
# The description of a job is longer than the 64 bytes up to which a hash is kept as one block.
hash-max-listpack-value 1024
CONFIG
