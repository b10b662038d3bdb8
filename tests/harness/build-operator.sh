#!/usr/bin/env bash
# Publishes the operator as it is shipped, unless these very sources were published before.
set -uo pipefail
. "$(dirname "$0")/lib.sh"
. "$HARNESS/images/operator.sh"
operator_publish
