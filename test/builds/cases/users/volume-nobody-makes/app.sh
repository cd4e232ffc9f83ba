#!/bin/sh
set -e
echo row >> /data/table
echo note > note
cat /data/table note
