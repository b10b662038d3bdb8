#!/usr/bin/env bash
# Builds the solution, starts the servers that the tests need, runs every test project and stops the servers; the last
# line is the sum over all projects.
set -euo pipefail

usage() {
  cat <<'TEXT'
tests/run.sh [--fast] [--only NAME]... [--keep] [--help]

  --fast        no servers: leaves out the tests that need a real cluster or an emulator
  --only NAME   runs this test project alone (may be given more than once)
  --keep        leaves the servers up at the end and prints how to reach and how to stop them

Servers are built from Debian packages once (as root, on Debian 12) and kept under ~/.cache/byok-operator.
BYOK_TEST_KUBECONFIG gives the tests another cluster; then no Kubernetes is built.
Logs are kept under $BYOK_ARTIFACTS (or a folder in $TMPDIR, printed at the start).
TEXT
}

fast=false keep=false only=()
while [ $# -gt 0 ]; do
  case $1 in
    --fast) fast=true ;;
    --keep) keep=true ;;
    --only) only+=("${2:?--only needs the name of a test project}"); shift ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 64 ;;
  esac
  shift
done

cd "$(dirname "$0")/.."
export ARTIFACTS=${BYOK_ARTIFACTS:-$(mktemp -d "${TMPDIR:-/tmp}/byok-tests.XXXXXX")}
mkdir -p "$ARTIFACTS"
. tests/harness/lib.sh
. tests/harness/projects.sh
. tests/harness/build.sh
. tests/harness/servers.sh
say "logs in $ARTIFACTS"

# A build server that outlives the run would be something started and not stopped.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

builder= early=
clean_up() {
  local job
  for job in $builder $early; do kill -- "-$job" 2>/dev/null || true; done
  stop_tests
  if $keep && [ -n "${RUN:-}" ]; then keep_servers; else servers_down >>"$ARTIFACTS/down.log" 2>&1; fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# finish: the last word, after the servers are down.
finish() {
  clean_up
  trap - EXIT
  say "done"
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
  exit
}

# broken: nothing can be tested that does not build.
broken() {
  grep -E 'error|warn' "$ARTIFACTS"/build*.log | sort -u | head -50 || true
  fail "the solution does not build: $ARTIFACTS/build.log" || failed=1
  finish
}

# leave_out_absent: the options for all test projects.
leave_out_absent() { read -r -a absent < <(servers_absent | paste -sd' ') || true; }

# servers_begin: the servers start while the first test project and the operator are built; what mostly waits for a
# cluster begins to wait while the rest of the solution is built.
servers_begin() {
  say "building the servers, the operator and $LONGEST in the background"
  setsid bash tests/harness/build-servers.sh >"$ARTIFACTS/build-servers.log" 2>&1 </dev/null &
  builder=$!
  setsid bash tests/harness/build-early.sh "$LONGEST" </dev/null &
  early=$!
  wait "$builder" || { tail -n 20 "$ARTIFACTS/build-servers.log"; fail "not every server was built" || failed=$((failed + 1)); }
  builder=
  say "the servers are built"
  servers_up
  wait "$early" || broken
  early=
  operator_up
  leave_out_absent
  if [[ " ${only[*]} " == *" $LONGEST "* ]]; then begin_beside "$LONGEST" "${absent[@]}"; fi
}

[ ${#only[@]} -gt 0 ] || mapfile -t only < <(test_projects)
leave_out_absent
if ! $fast; then servers_begin; fi

say "building the solution"
build ByokOperator.sln build || broken
say "the solution is built"

run_projects "${only[*]}" "${absent[@]}"
finish
