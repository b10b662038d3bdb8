#!/usr/bin/env bash
# Builds sources of ours as a job of its own: build-sources.sh PROJECT-OR-SOLUTION LOG.
set -uo pipefail
. "$(dirname "$0")/lib.sh"
. "$HARNESS/build.sh"
build "$1" "$2"
