#!/bin/sh
set -e
mkdir -p "$2"
echo row > "$2/table"
echo started > "${3#--log-file=}"
cat "$2/table" /var/log/app.log
