#!/bin/sh
echo "started" > settings
exec "$@"
