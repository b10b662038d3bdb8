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
  KILLS=500             kills of operators and copy pods while one migration copies; a tenth as many while a store
                        changes its key, by each engine, and while it returns
  OBJECTS=5000          small objects of each of those stores
  BYTES=6442450944      size of the large one of each

unless these variables say otherwise, and prints every figure with the machine's load. The last line is the sum over all projects.

tests/soak.sh --simulation

Runs SIM_SEEDS seeds of the simulation of the whole operator alone, and as many of each other kind of seeds (changes of
key, returns, new material), from SIM_SEEDS_FROM on, SIM_SLICE (2000) of each in a process, on all cores. The simulation
has to be built (SIMULATION names another one than that of this folder). Each process logs to
$BYOK_ARTIFACTS/seeds-FROM.log; what it ran and what broke a law is told when it ends, with what is left and how long
that takes at this rate. Whoever stops it goes on with the SIM_SEEDS_FROM and SIM_SEEDS of the last line. The last line
of a whole run says how many seeds ran and how many broke a law.
TEXT
}
case ${1:-} in --help | -h) usage; exit 0 ;; esac

cd "$(dirname "$0")/.."

# simulate FIRST COUNT: one process. Compiled twice, for a long run: the second time by what the first saw of it.
simulate() {
  SIM_SEEDS_FROM=$1 SIM_SEEDS=$2 DOTNET_TieredPGO=1 DOTNET_TC_QuickJit=1 DOTNET_GCgen0size=0x4000000 \
    "$simulation" -noColor -diagnostics -method 'Simulation.Real.LawTests.No_law_is_broken_in_any_seed_of*'
}

# slice FROM COUNT LOG: what it told, and whether each kind of seeds came to its end without a broken law.
slice() {
  local told kinds
  simulate "$1" "$2" >"$3" 2>&1
  told=$(grep -oE '[0-9,]+ seeds of .* of CPU each once warm' "$3" | sort -u)
  kinds=$(grep -oE 'Total: [0-9]+' "$3" | grep -oE '[0-9]+')
  echo "${told:-seeds from $1 on did not end, see $3}"
  found=$(grep -oE 'seed [0-9]+: .*' "$3" | sort -u | tee /dev/stderr | wc -l)
  [ -n "$kinds" ] && [ "$(wc -l <<<"$told")" -eq "$kinds" ] || found=$((found + 1))
}

# simulation_alone: slice by slice. What broke a law is told as it is found.
simulation_alone() {
  local logs=${BYOK_ARTIFACTS:-$(mktemp -d "${TMPDIR:-/tmp}/byok-soak.XXXXXX")}
  local simulation=${SIMULATION:-tests/Simulation/bin/Release/net10.0/Simulation} most=${SIM_SLICE:-2000}
  local from=${SIM_SEEDS_FROM:-0} left=${SIM_SEEDS:-100000} ran=0 broken=0 count found
  mkdir -p "$logs"
  echo "logs in $logs"
  while [ "$left" -gt 0 ]; do
    count=$((left < most ? left : most))
    slice "$from" "$count" "$logs/seeds-$from.log"
    broken=$((broken + found)) ran=$((ran + count)) from=$((from + count)) left=$((left - count))
    echo "$ran seeds of each kind in $((SECONDS / 60)) min, $broken broke a law; left: SIM_SEEDS_FROM=$from" \
      "SIM_SEEDS=$left, about $((SECONDS * left / ran / 60)) min"
  done
  echo "$ran seeds of each kind, $broken broke a law"
  [ "$broken" -eq 0 ]
  exit
}
[ "${1:-}" != --simulation ] || simulation_alone
export SIM_SEEDS=${SIM_SEEDS:-100000} FUZZ_INPUTS=${FUZZ_INPUTS:-1000000} KILLS=${KILLS:-500}
export OBJECTS=${OBJECTS:-5000} BYTES=${BYTES:-$((6 << 30))}
# A day: what hangs is found by the tests' own last resorts, long before.
export BYOK_PROJECT_SECONDS=${BYOK_PROJECT_SECONDS:-86400}
export BYOK_ARTIFACTS=${BYOK_ARTIFACTS:-$(mktemp -d "${TMPDIR:-/tmp}/byok-soak.XXXXXX")}
mkdir -p "$BYOK_ARTIFACTS"

mapfile -t only < <(grep -rlE --include='*.cs' --exclude-dir=obj '"(SIM_SEEDS|FUZZ_INPUTS|KILLS)"' tests | cut -d/ -f2 \
  | while read -r name; do ! grep -q '<IsTestProject>true' "tests/$name/$name.csproj" || echo "--only=$name"; done | sort -u)
tests/run.sh "${only[@]}" "$@" | tee "$BYOK_ARTIFACTS/soak.log"
code=${PIPESTATUS[0]}

echo
echo "SIM_SEEDS=$SIM_SEEDS FUZZ_INPUTS=$FUZZ_INPUTS KILLS=$KILLS OBJECTS=$OBJECTS BYTES=$BYTES"
grep -hE 'load [0-9.]+ [0-9.]+ [0-9.]+ on' "$BYOK_ARTIFACTS"/*.log | grep -vE '^\[ *[0-9]+s\]' | sed 's/^ */  /' | sort -u
tail -n 1 "$BYOK_ARTIFACTS/soak.log"
exit "$code"
