#!/bin/sh
set -e
mkdir -p /data
chown app /data
ls -ld /data
