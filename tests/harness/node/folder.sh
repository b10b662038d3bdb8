#!/usr/bin/env bash
# folder.sh: fetches the packages unless an earlier run did, and prints the folder that holds node_modules.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
readonly NODE=$HARNESS/node
build_once node "$NODE/build.sh" "$NODE/package.json" "$NODE/package-lock.json" >&2
cached node "$NODE/build.sh" "$NODE/package.json" "$NODE/package-lock.json"
