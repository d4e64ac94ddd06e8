#!/bin/bash
# Publishes one command, JSON on standard input, with kcat:
#   publish.sh SERVERS ENDPOINT <command.json
# The key is the endpoint's name; murmur2 is how its home partition is found.
set -euo pipefail
file=${UNDERSTUDY_KAFKA_CONFIG_FILE-}
tr -d '\n' | kcat ${file:+-F "$file"} -q -P -b "$1" \
  -t "${UNDERSTUDY_KAFKA_PREFIX-understudy}.commands" -k "$2" \
  -H content-type=application/json -H "ce_authid=${USER-nobody}" \
  -X partitioner=murmur2_random -X acks=all
