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
. tests/harness/servers.sh
say "logs in $ARTIFACTS"

# A build server that outlives the run would be something started and not stopped.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

builder=
clean_up() {
  [ -z "$builder" ] || kill -- "-$builder" 2>/dev/null || true
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

if ! $fast; then
  say "building the servers in the background"
  setsid bash tests/harness/build-servers.sh >"$ARTIFACTS/build-servers.log" 2>&1 </dev/null &
  builder=$!
fi

say "building the solution"
if ! dotnet build ByokOperator.sln -c Release --nologo -v q -clp:NoSummary >"$ARTIFACTS/build.log" 2>&1; then
  grep -E 'error|warn' "$ARTIFACTS/build.log" | sort -u | head -50
  fail "the solution does not build: $ARTIFACTS/build.log" || failed=1
  finish
fi
say "the solution is built"

if ! $fast; then
  [ -n "$GIVEN_CLUSTER" ] || operator_publish || true
  wait "$builder" || { tail -n 20 "$ARTIFACTS/build-servers.log"; fail "not every server was built" || failed=$((failed + 1)); }
  builder=
  say "the servers are built"
  servers_up
fi

[ ${#only[@]} -gt 0 ] || mapfile -t only < <(test_projects)
read -r -a absent < <(servers_absent | paste -sd' ') || true
run_projects "${only[*]}" "${absent[@]}"
finish
