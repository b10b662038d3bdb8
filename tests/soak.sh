#!/usr/bin/env bash
# What runs long by nature, in its whole form: tests/run.sh runs the same tests with smaller numbers. Run once before a release;
# takes hours.
set -uo pipefail

usage() {
  cat <<'TEXT'
tests/soak.sh [option of tests/run.sh]...

Runs the test projects that ask how much is wanted, with

  SIM_SEEDS=100000      seeds of the simulation of the whole operator
  FUZZ_INPUTS=1000000   inputs of each fuzz
  KILLS=500             kills of operators and copy pods while one migration copies

unless these variables say otherwise, and prints every figure with the machine's load. The last line is the sum over all projects.

tests/soak.sh --simulation

Runs SIM_SEEDS seeds of the simulation of the whole operator alone, and as many of its changes of key, of its returns and
of new material, from SIM_SEEDS_FROM on, 10,000 in a process, on all cores. The simulation has to be built (SIMULATION
names another one than that of this folder). Each process logs to $BYOK_ARTIFACTS/seeds-FROM.log, and
says where it is each 2,000 seeds. The last line says how many seeds ran and how many broke a law.
TEXT
}
case ${1:-} in --help | -h) usage; exit 0 ;; esac

cd "$(dirname "$0")/.."

# simulate FIRST COUNT: one process. Compiled twice, for a long run: the second time by what the first saw of it.
simulate() {
  SIM_SEEDS_FROM=$1 SIM_SEEDS=$2 DOTNET_TieredPGO=1 DOTNET_TC_QuickJit=1 DOTNET_GCgen0size=0x4000000 \
    "$simulation" -noColor -diagnostics -method 'Simulation.Real.LawTests.No_law_is_broken_in_any_seed_of*'
}

# simulation_alone: chunk by chunk. What broke a law is told as it is found.
simulation_alone() {
  local logs=${BYOK_ARTIFACTS:-$(mktemp -d "${TMPDIR:-/tmp}/byok-soak.XXXXXX")} simulation=${SIMULATION:-tests/Simulation/bin/Release/net10.0/Simulation}
  local from=${SIM_SEEDS_FROM:-0} left=${SIM_SEEDS:-100000} ran=0 broken=0 count log told
  mkdir -p "$logs"
  echo "logs in $logs"
  while [ "$left" -gt 0 ]; do
    count=$((left < 10000 ? left : 10000)) log=$logs/seeds-$from.log
    simulate "$from" "$count" >"$log" 2>&1
    told=$(grep -oE '[0-9,]+ seeds of (the real operator|changes of key) from .* of CPU each once warm' "$log" | sort -u)
    echo "${told:-seeds from $from on did not end, see $log}"
    grep -oE 'seed [0-9]+: .*' "$log" | sort -u
    broken=$((broken + $(grep -oE 'seed [0-9]+: .*' "$log" | sort -u | wc -l)))
    [ "$(wc -l <<<"$told")" -eq 2 ] || broken=$((broken + 1))
    ran=$((ran + count)) from=$((from + count)) left=$((left - count))
  done
  echo "$ran seeds, $broken of them broke a law"
  [ "$broken" -eq 0 ]
  exit
}
[ "${1:-}" != --simulation ] || simulation_alone
export SIM_SEEDS=${SIM_SEEDS:-100000} FUZZ_INPUTS=${FUZZ_INPUTS:-1000000} KILLS=${KILLS:-500}
# A day: what hangs is found by the tests' own last resorts, long before.
export BYOK_PROJECT_SECONDS=${BYOK_PROJECT_SECONDS:-86400}
export BYOK_ARTIFACTS=${BYOK_ARTIFACTS:-$(mktemp -d "${TMPDIR:-/tmp}/byok-soak.XXXXXX")}
mkdir -p "$BYOK_ARTIFACTS"

mapfile -t only < <(grep -rlE --include='*.cs' --exclude-dir=obj '"(SIM_SEEDS|FUZZ_INPUTS|KILLS)"' tests | cut -d/ -f2 \
  | while read -r name; do ! grep -q '<IsTestProject>true' "tests/$name/$name.csproj" || echo "--only=$name"; done | sort -u)
tests/run.sh "${only[@]}" "$@" | tee "$BYOK_ARTIFACTS/soak.log"
code=${PIPESTATUS[0]}

echo
echo "SIM_SEEDS=$SIM_SEEDS FUZZ_INPUTS=$FUZZ_INPUTS KILLS=$KILLS"
grep -hE 'load [0-9.]+ [0-9.]+ [0-9.]+ on' "$BYOK_ARTIFACTS"/*.log | grep -vE '^\[ *[0-9]+s\]' | sed 's/^ */  /' | sort -u
tail -n 1 "$BYOK_ARTIFACTS/soak.log"
exit "$code"
