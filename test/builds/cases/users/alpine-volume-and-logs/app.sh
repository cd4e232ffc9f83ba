#!/bin/sh
set -e
mkdir -p /var/lib/state
echo a > /var/lib/state/a
echo b > /data/b
echo c > /logs/c
cat /var/lib/state/a /data/b /logs/c
