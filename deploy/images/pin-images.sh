#!/bin/sh
# Adds to each image that is named by its version the digest that the registry has for it now, or renews it.
set -eu
cd "$(dirname "$0")/../.."

set -- docker-compose.yml deploy/images/*.Dockerfile
images=$(sed -nE 's/^(FROM| *image:) ([a-z]+:[0-9][^@ ]*).*/\2/p' "$@" | sort -u)
for image in $images; do
  digest=$(docker buildx imagetools inspect "$image" --format '{{.Manifest.Digest}}')
  case $digest in
    sha256:*) ;;
    *) echo "There is no digest of $image: $digest" >&2; exit 1 ;;
  esac
  sed -i -E "s|^(FROM\| *image:) $image(@sha256:[0-9a-f]*)?|\1 $image@$digest|" "$@"
  echo "$image@$digest"
done
