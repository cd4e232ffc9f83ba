#!/bin/sh
echo "$MODE in $(pwd)"
