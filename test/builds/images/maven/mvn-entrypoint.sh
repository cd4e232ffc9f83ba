#!/bin/sh
mkdir -p "$HOME/.m2"
exec "$@"
