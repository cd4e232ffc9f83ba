#!/bin/sh
set -e
echo more >> state/rows
cat state/rows
