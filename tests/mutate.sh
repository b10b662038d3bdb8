#!/usr/bin/env bash
# Mutation testing of the pure parts: every operator, condition and word of them is changed, one at a time, and some test has to notice.
# Takes minutes for a part and hours for all, so tests/run.sh does not run it.
set -euo pipefail

usage() {
  cat <<'TEXT'
tests/mutate.sh [PART]...

Runs dotnet-stryker (build/dotnet-tools.json) over each part named, or over all: one part after the other, MUTANTS_AT_ONCE (1) mutants at a time.
Prints the score of each part and every mutant that no test killed; the whole report is in $BYOK_ARTIFACTS/mutants/PART/. A survivor that changes
nothing that can be told says so beside the code: `// Stryker disable once KIND : why`.

parts:
TEXT
  parts
}

# part | mutated files, from the project's folder | project | test project | the tests that have to notice
parts() {
  cat <<'TEXT'
key-ladders      Keys/KeyLadder.cs,Keys/ImportLadder.cs,Keys/Foremost.cs             ByokOperator ByokOperator.Tests Tests.Keys.
key-verdicts     Keys/KeyJudgement.cs,Keys/KeyStanding.cs,Keys/VersionWatch.cs       ByokOperator ByokOperator.Tests Tests.Keys.
store-ladders    Stores/StoreLadder.cs,Stores/ClosingLadder.cs,Stores/DeletingLadder.cs,Stores/LeftLadder.cs,Stores/PlanLadder.cs ByokOperator ByokOperator.Tests Tests.Stores.
store-verdicts   Stores/StoreVerdict.cs,Stores/StorePlan.cs,Stores/HoldUp.cs         ByokOperator ByokOperator.Tests Tests.Stores.
key-change       Stores/KeyChangeLadder.cs                                           ByokOperator ByokOperator.Tests Tests.Stores.
moves            Migrations/MigrationLadder.cs,Migrations/FenceBound.cs,Migrations/FenceWait.cs,Migrations/JobVerdicts.cs ByokOperator ByokOperator.Tests Tests.Migrations.
ladder           Reconciling/Ladder.cs,Reconciling/StatusReport.cs,Reconciling/Fact.cs ByokOperator ByokOperator.Tests Tests.Reconciling.
times            Keys/ProbeTimes.cs,Keys/MaterialWatch.cs,Tenants/KeyTimes.cs        ByokOperator ByokOperator.Tests Tests.
tenants          Tenants/Authority.cs,Tenants/Grant.cs,Tenants/Claim.cs,Tenants/TenantLadder.cs ByokOperator ByokOperator.Tests Tests.Tenants.
watch-machine    Runtime/Watching/WatchMachine.cs                                    Kube Kube.Tests Tests.
schedule         Runtime/Scheduling/Schedule.cs,Runtime/Scheduling/Backoff.cs        Kube Kube.Tests Tests.
lease            Runtime/Leading/LeaseRace.cs                                        Kube Kube.Tests Tests.
kms-verdicts     Aws/Keys/KmsVerdicts.cs,Aws/Keys/KeyJudgement.cs                    Cloud Cloud.Tests Tests.Verdicts.
vault-verdicts   Azure/Keys/VaultVerdicts.cs,Azure/Keys/VaultJudgement.cs            Cloud Cloud.Tests Tests.Verdicts.
key-policies     Aws/Keys/KeyPolicyDocument.cs,Aws/Keys/ImportedKeyPolicy.cs         Cloud Cloud.Tests Tests.Aws.
bucket-policies  Aws/Stores/StoreStatements.cs,Aws/Stores/BucketPolicy.cs,Aws/Stores/PolicyMeaning.cs Cloud Cloud.Tests Tests.Aws.
TEXT
}

case ${1:-} in --help | -h) usage; exit 0 ;; esac

cd "$(dirname "$0")/.."
root=$PWD
results=${BYOK_ARTIFACTS:-$(mktemp -d "${TMPDIR:-/tmp}/byok-mutants.XXXXXX")}/mutants

# quoted A,B: "A", "B"
quoted() { sed 's/[^,]*/"&"/g; s/,/, /g' <<<"$1"; }

# mutate PART FILES PROJECT TESTS FILTER
mutate() {
  local out=$results/$1
  mkdir -p "$out"
  cat >"$out/stryker-config.json" <<JSON
{
  "stryker-config": {
    "project": "$3.csproj",
    "mutate": [$(quoted "$2")],
    "test-case-filter": "FullyQualifiedName~$5",
    "configuration": "Release",
    "concurrency": ${MUTANTS_AT_ONCE:-1},
    "reporters": ["json", "html"],
    "ignore-mutations": ["string"],
    "thresholds": { "high": 100, "low": 90, "break": 0 }
  }
}
JSON
  (cd "tests/$4" && DOTNET_ROLL_FORWARD=Major "$stryker" --config-file "$out/stryker-config.json" --output "$out" >"$out/stryker.log" 2>&1) ||
    { tail -n 20 "$out/stryker.log" >&2; echo "mutate.sh: $1 did not run: $out/stryker.log" >&2; return 1; }
  python3 - "$1" "$out" <<'PYTHON'
import json, pathlib, sys
part, out = sys.argv[1], pathlib.Path(sys.argv[2])
report = json.loads(next(out.rglob("mutation-report.json")).read_text())
killed = lost = 0
for name, file in sorted(report["files"].items()):
    for mutant in file["mutants"]:
        if mutant["status"] in ("Killed", "Timeout"):
            killed += 1
        elif mutant["status"] in ("Survived", "NoCoverage"):
            lost += 1
            print(f"  {mutant['status']}: {name}:{mutant['location']['start']['line']}: {mutant['mutatorName']}: {mutant.get('replacement', '')[:160]!r}")
total = killed + lost
print(f"{part}: {killed} of {total} mutants killed" + (f", {100 * killed / total:.1f} %" if total else ""))
PYTHON
}

# It has to run in the folder of the tests, where no manifest leads to it.
stryker=$results/tool/dotnet-stryker
version=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["tools"]["dotnet-stryker"]["version"])' "$root/build/dotnet-tools.json")
[ -x "$stryker" ] || dotnet tool install dotnet-stryker --version "$version" --tool-path "$results/tool" >/dev/null
failed=0
while read -r part files project tests filter; do
  if [ $# -eq 0 ] || [[ " $* " == *" $part "* ]]; then
    mutate "$part" "$files" "$project" "$tests" "$filter" || failed=1
  fi
done < <(parts)
echo "reports: $results"
exit $failed
