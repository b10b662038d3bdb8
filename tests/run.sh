#!/usr/bin/env bash
# Builds everything and runs every test project; the last line is the sum over all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build ByokOperator.sln -c Release --nologo -v q
passed=0 failed=0 skipped=0
for project in tests/*.Tests/; do
  name=$(basename "$project")
  log=$(mktemp)
  "$project/bin/Release/net10.0/$name" -noColor > "$log" 2>&1 || true
  cat "$log"
  line=$(grep -E 'Total: [0-9]+, Errors: ' "$log" | tail -n 1 || true)
  number() { sed -nE "s/.*$1: ([0-9]+).*/\1/p" <<<"${line:-}"; }
  if [ -z "$line" ] && grep -q "Total: 0$" "$log"; then continue; fi
  if [ -z "$line" ]; then failed=$((failed + 1)); continue; fi
  bad=$(( $(number Failed) + $(number Errors) ))
  skip=$(number Skipped)
  failed=$((failed + bad)) skipped=$((skipped + skip))
  passed=$((passed + $(number Total) - $(number Failed) - skip))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
