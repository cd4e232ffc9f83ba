#!/bin/sh
set -e
echo more >> app.sh.log
cat app.sh.log
