#!/usr/bin/env bash
# Builds what the run begins with while its servers start: build-early.sh TEST-PROJECT, and the operator as it is shipped. It ends
# as the project's build does: without the operator there are tests left to run.
set -uo pipefail
. "$(dirname "$0")/lib.sh"
. "$HARNESS/build.sh"
. "$HARNESS/images/operator.sh"

publisher=
if [ -z "${BYOK_TEST_KUBECONFIG:-}" ]; then
  operator_publish &
  publisher=$!
fi
status=0
build "tests/$1/$1.csproj" build-early || status=1
[ -z "$publisher" ] || wait "$publisher"
exit $status
