#!/usr/bin/env bash
# What runs long by nature, in its whole form: tests/run.sh runs the same tests with smaller numbers. Run once before a release;
# takes hours.
set -uo pipefail

usage() {
  cat <<'TEXT'
tests/soak.sh [option of tests/run.sh]...

Runs the test projects that ask how much is wanted, with

  SIM_SEEDS=1000000     seeds of the simulation of imported keys' ladders
  SIM_REAL_SEEDS=100000 seeds of the simulation of the whole operator
  FUZZ_INPUTS=1000000   inputs of each fuzz
  KILLS=500             kills of operators and copy pods while one migration copies

unless these variables say otherwise, and prints every figure with the machine's load. The last line is the sum over all projects.
TEXT
}
case ${1:-} in --help | -h) usage; exit 0 ;; esac

cd "$(dirname "$0")/.."
export SIM_SEEDS=${SIM_SEEDS:-1000000} SIM_REAL_SEEDS=${SIM_REAL_SEEDS:-100000} FUZZ_INPUTS=${FUZZ_INPUTS:-1000000} KILLS=${KILLS:-500}
# A day: what hangs is found by the tests' own last resorts, long before.
export BYOK_PROJECT_SECONDS=${BYOK_PROJECT_SECONDS:-86400}
export BYOK_ARTIFACTS=${BYOK_ARTIFACTS:-$(mktemp -d "${TMPDIR:-/tmp}/byok-soak.XXXXXX")}
mkdir -p "$BYOK_ARTIFACTS"

mapfile -t only < <(grep -rlE --include='*.cs' --exclude-dir=obj '"(SIM_SEEDS|FUZZ_INPUTS|KILLS)"' tests | cut -d/ -f2 \
  | while read -r name; do ! grep -q '<IsTestProject>true' "tests/$name/$name.csproj" || echo "--only=$name"; done | sort -u)
tests/run.sh "${only[@]}" "$@" | tee "$BYOK_ARTIFACTS/soak.log"
code=${PIPESTATUS[0]}

echo
echo "SIM_SEEDS=$SIM_SEEDS SIM_REAL_SEEDS=$SIM_REAL_SEEDS FUZZ_INPUTS=$FUZZ_INPUTS KILLS=$KILLS"
grep -hE 'load [0-9.]+ [0-9.]+ [0-9.]+ on' "$BYOK_ARTIFACTS"/*.log | grep -vE '^\[ *[0-9]+s\]' | sed 's/^ */  /' | sort -u
tail -n 1 "$BYOK_ARTIFACTS/soak.log"
exit "$code"
