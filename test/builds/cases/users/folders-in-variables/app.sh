#!/bin/sh
set -e
mkdir -p "$LOG_DIR" /data
echo row > "${DATABASE_URL#sqlite:///}"
echo started > "$LOG_DIR/out"
cat /data/app.db "$LOG_DIR/out"
