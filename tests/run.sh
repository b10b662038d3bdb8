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
    --only=?*) only+=("${1#*=}") ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 64 ;;
  esac
  shift
done

cd "$(dirname "$0")/.."
export ARTIFACTS=${BYOK_ARTIFACTS:-$(mktemp -d "${TMPDIR:-/tmp}/byok-tests.XXXXXX")}
mkdir -p "$ARTIFACTS"
rm -f "$ARTIFACTS"/{built,stopping}
. tests/harness/lib.sh
. tests/harness/projects.sh
. tests/harness/build.sh
. tests/harness/servers.sh
say "logs in $ARTIFACTS"

# A build server that outlives the run would be something started and not stopped.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

builder= publisher= building=
clean_up() {
  local job
  for job in $builder $publisher $building; do kill -- "-$job" 2>/dev/null || true; done
  stop_tests
  if $keep && [ -n "${RUN:-}" ]; then keep_servers; else { servers_down && operator_away; } >>"$ARTIFACTS/down.log" 2>&1; fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# finish: the last word, after the servers are down.
finish() {
  clean_up
  trap - EXIT
  say "what took longest:"
  slowest || true
  [ ! -s "$ARTIFACTS/failed.txt" ] || { say "what failed:"; tail -n 200 "$ARTIFACTS/failed.txt" | cut -c1-400; }
  say "done, $(load)"
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

# begin: the servers are built while everything is tested that needs none, and the operator as it is shipped while the rest is built.
begin() {
  local name servers=false operator=false
  for name in "${only[@]}"; do
    ! needs_server "$name" || servers=true
    ! needs_operator "$name" || operator=true
  done
  if $servers; then
    say "building the servers in the background"
    setsid bash tests/harness/build-servers.sh >"$ARTIFACTS/build-servers.log" 2>&1 </dev/null &
    builder=$!
  fi
  if $operator && [ -z "$GIVEN_CLUSTER" ]; then
    say "publishing the operator in the background"
    setsid bash tests/harness/build-operator.sh >"$ARTIFACTS/build-operator.log" 2>&1 </dev/null &
    publisher=$!
  fi
}

# sources WHAT LOG: builds them; what waits for servers and operator begins meanwhile.
sources() {
  say "building $1"
  setsid bash tests/harness/build-sources.sh "$1" "$2" </dev/null &
  building=$!
  while kill -0 "$building" 2>/dev/null; do
    arrivals
    sleep 1
  done
  wait "$building" || broken
  building=
  say "$1 is built"
}

# arrivals: what came about in the background is taken into use.
arrivals() { servers_built && operator_built; }

# servers_built: starts the servers in the moment they are built; before that, and ever after, it does nothing.
servers_built() {
  [ -n "$builder" ] && ! kill -0 "$builder" 2>/dev/null || return 0
  wait "$builder" || { tail -n 20 "$ARTIFACTS/build-servers.log"; fail "not every server was built" || failed=$((failed + 1)); }
  builder=
  say "the servers are built"
  servers_up
  cluster_begin
}

# operator_built: the same for what is shipped. Without it there are tests left to run.
operator_built() {
  [ -n "$publisher" ] && ! kill -0 "$publisher" 2>/dev/null || return 0
  wait "$publisher" || { fail "the operator was not published" || failed=$((failed + 1)); }
  tail -n 20 "$ARTIFACTS/build-operator.log"
  publisher=
  operator_place
  cluster_begin
}

# cluster_begin: what mostly waits for a cluster begins to wait once all are there: itself, the cluster and the operator.
cluster_begin() {
  [ -n "${RUN:-}" ] && [ -z "$publisher" ] && $longest_built || return 0
  operator_up
  read -r -a absent < <(servers_absent | paste -sd' ') || true
  begin_cluster "${only[*]}"
}

# between_projects, before_operator, before_servers: what run_projects calls.
between_projects() { arrivals && openssls; }
before_operator() {
  [ -z "$publisher" ] || say "waiting for the operator to be published"
  while [ -n "$publisher" ]; do
    operator_built
    sleep 1
  done
}
before_servers() {
  [ -z "$builder" ] || say "waiting for the servers to be built"
  while [ -n "$builder" ]; do
    servers_built
    sleep 1
  done
}

[ ${#only[@]} -gt 0 ] || mapfile -t only < <(test_projects)
read -r -a absent < <(servers_absent | paste -sd' ') || true
longest_built=$fast
if ! $fast; then
  begin
  sources "tests/$LONGEST/$LONGEST.csproj" build-early
  longest_built=true
  cluster_begin
fi
sources ByokOperator.sln build
touch "$ARTIFACTS/built"
run_projects "${only[*]}"
finish
