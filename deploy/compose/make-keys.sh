#!/bin/sh
# Writes what the services have to know and is nowhere else: the API's keys, and how Redis is reached.
set -eu
# Their group is read by: Redis' user in its image is in the group that the API's and the workers' user has.
umask 027

keys=${KEYS_DIR:-/keys}/api-keys
secrets=${SECRETS_DIR:-/secrets}

random() {
  head -c 24 /dev/urandom | base64 | tr '+/' '-_'
}

if [ -n "${LINKHAUL_API_KEYS:-}" ]; then
  printf '%s\n' "$LINKHAUL_API_KEYS" > "$keys"
  echo 'API keys: those of LINKHAUL_API_KEYS.'
elif [ -s "$keys" ]; then
  echo 'API keys: as before. To see them: docker compose run --rm --entrypoint cat keys /keys/api-keys'
else
  key=$(random)
  printf 'local:%s\n' "$key" > "$keys"
  echo "API key, made at this first start: $key"
fi

[ -s "$secrets/redis-password" ] || random > "$secrets/redis-password"
if [ -n "${REDIS_URL:-}" ]; then
  printf '%s\n' "$REDIS_URL" > "$secrets/redis-url"
else
  printf 'redis://:%s@redis:6379\n' "$(cat "$secrets/redis-password")" > "$secrets/redis-url"
fi
