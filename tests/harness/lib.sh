# Sourced by every script of the harness: what they say, where they keep things, how they stop what they started.

readonly HARNESS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly REPOSITORY=$(cd "$HARNESS/../.." && pwd)
readonly CACHE=${BYOK_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/byok-operator}

# The moment the whole run began: every stage is told in seconds since then.
export BYOK_STARTED=${BYOK_STARTED:-$(date +%s)}

say() { printf '[%4ds] %s\n' "$(($(date +%s) - BYOK_STARTED))" "$*"; }
fail() { printf '[%4ds] FAILED: %s\n' "$(($(date +%s) - BYOK_STARTED))" "$*" >&2; return 1; }
