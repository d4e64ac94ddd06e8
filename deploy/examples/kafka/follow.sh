#!/bin/bash
# Follows the events of the fleet from their begin with kcat, one a line:
#   follow.sh SERVERS [more options of kcat, such as -e to stop at the end]
set -euo pipefail
file=${UNDERSTUDY_KAFKA_CONFIG_FILE-}
servers=$1
shift
exec kcat ${file:+-F "$file"} -q -u -C -b "$servers" \
  -t "${UNDERSTUDY_KAFKA_PREFIX-understudy}.events" -o beginning \
  -X isolation.level=read_committed -f '%k %h %s\n' "$@"
