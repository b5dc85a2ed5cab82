#!/bin/sh
# Writes the API's keys to a file: those of LINKHAUL_API_KEYS, else one that is made and printed at the first start.
set -eu

file=/keys/api-keys
if [ -n "${LINKHAUL_API_KEYS:-}" ]; then
  printf '%s\n' "$LINKHAUL_API_KEYS" > "$file"
  echo 'API keys: those of LINKHAUL_API_KEYS.'
elif [ -s "$file" ]; then
  echo 'API keys: as before. To see them: docker compose run --rm --entrypoint cat keys /keys/api-keys'
else
  key=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')
  printf 'local:%s\n' "$key" > "$file"
  echo "API key, made at this first start: $key"
fi
# The API runs as another user than this.
chmod 644 "$file"
