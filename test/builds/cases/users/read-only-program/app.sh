#!/bin/sh
echo "$(date +%Y | wc -c)" >> visits.log && cat visits.log && test -w visits.log && echo wrote
