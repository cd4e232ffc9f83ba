#!/bin/sh
set -e
# A first argument that is an option, or no command, is meant for node.
if [ "${1#-}" != "${1}" ] || [ -z "$(command -v "${1}")" ]; then
  set -- node "$@"
fi
exec "$@"
