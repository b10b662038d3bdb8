#!/usr/bin/env bash
# Makes a secret that you bring (BYOK) on macOS, just as secretgen-linux.sh does, which must lie beside it.
set -euo pipefail

same=$(dirname "$0")/secretgen-linux.sh
[ -r "$same" ] || { printf '%s\n' "${0##*/}: secretgen-linux.sh is missing: put both scripts into one folder" >&2; exit 1; }
. "$same"
