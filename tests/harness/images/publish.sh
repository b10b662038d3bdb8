#!/usr/bin/env bash
# publish.sh FOLDER: the operator as it is shipped, one native file in FOLDER. Its intermediate files stand apart from the solution's, so
# that neither spoils the other's build; what the analysers say of these sources, they say when the solution is built.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
. "$HARNESS/packages.sh"
command -v gcc >/dev/null && command -v objcopy >/dev/null || host_packages binutils gcc libc6-dev
log=$1/publish.log
dotnet publish "$REPOSITORY/operator/ByokOperator/ByokOperator.csproj" -c Release -r linux-x64 -p:RunAnalyzers=false \
  --artifacts-path "$HARNESS/obj" -o "$1" --nologo -v q >"$log" 2>&1 || { tail -n 30 "$log"; fail "the operator does not publish"; }
say "the operator is published: $(stat -c %s "$1/byok-operator") bytes, links $(ldd "$1/byok-operator" | awk '/=> \// {print $1}' | paste -sd' ')"
