#!/usr/bin/env bash
# Builds the solution and runs every test project; the last line is the sum over all of them.
set -euo pipefail

usage() {
  cat <<'TEXT'
tests/run.sh [--fast] [--only NAME]... [--keep] [--help]

  --fast        no servers: leaves out the tests that need a real cluster or an emulator
  --only NAME   runs this test project alone (may be given more than once)
  --keep        leaves the servers up and prints how to reach them

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
say "logs in $ARTIFACTS"

say "building the solution"
if ! dotnet build ByokOperator.sln -c Release --nologo -v q -clp:NoSummary >"$ARTIFACTS/build.log" 2>&1; then
  grep -E 'error|warn' "$ARTIFACTS/build.log" | sort -u | head -50
  fail "the solution does not build: $ARTIFACTS/build.log" || true
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi
say "built"

[ ${#only[@]} -gt 0 ] || mapfile -t only < <(test_projects)
for project in "${only[@]}"; do
  run_project "$project"
done

say "done"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
