#!/usr/bin/env bash
# Changes the pure parts of the operator one small step at a time and runs the unit tests against each change. A change
# that no test notices is a missing test, or is explained beside the code. Takes hours.
set -euo pipefail

usage() {
  cat <<'TEXT'
tests/mutate.sh [GROUP]...

  kube      the queue's schedule and back-off, the watch machine, the lease decider
  ladders   every ladder of the operator, and what reads Jobs and stores for them
  rules     what the operator checks of specs that an API server let in
  verdicts  whose refusal it was: the tables of KMS and Key Vault; bucket policies and key policies

All of them, one after the other, unless some are named. The tests are those that need no server and no other program.
Reports (HTML and JSON) go to $BYOK_ARTIFACTS, or a folder in $TMPDIR that is printed. MUTATE_LEVEL is Stryker's mutation
level (Standard), MUTATE_BESIDE how many mutants are tried at a time (as many as cores), MUTATE_FILES other files to
change than the group's, as globs with a space between. The last lines are the survivors, and each group's score.
TEXT
}

declare -A project=([kube]=Kube [ladders]=ByokOperator [rules]=ByokOperator [verdicts]=Cloud.Aws [vaults]=Cloud.Azure)
declare -A tests=([kube]=Kube.Tests [ladders]=ByokOperator.Tests [rules]=ByokOperator.Tests [verdicts]=Cloud.Tests [vaults]=Cloud.Tests)
declare -A files=(
  [kube]='**/Scheduling/Schedule.cs **/Scheduling/BackoffPolicy.cs **/Informers/WatchMachine.cs **/LeaderElection/LeaseDecider.cs'
  [ladders]='**/*Ladder.cs **/Stores/StoreVerdict.cs **/Copies/JobVerdicts.cs **/Copies/CopyVerdicts.cs'
  [rules]='**/Api/*Rules.cs'
  [verdicts]='**/Keys/KmsVerdicts.cs **/Keys/KeyPolicyDocument.cs **/Stores/BucketPolicies.cs **/Stores/BucketPolicy.cs **/Stores/PolicyMeaning.cs'
  [vaults]='**/Keys/VaultVerdicts.cs **/Calling/CallRules.cs **/Stores/ResourceRules.cs'
)

groups=()
for wanted in "$@"; do
  case $wanted in
    --help | -h) usage; exit 0 ;;
    verdicts) groups+=(verdicts vaults) ;;
    *) [ -n "${project[$wanted]:-}" ] || { usage >&2; exit 64; }; groups+=("$wanted") ;;
  esac
done
[ ${#groups[@]} -gt 0 ] || groups=(kube ladders rules verdicts vaults)
command -v jq >/dev/null || { echo "jq is missing: it reads the reports" >&2; exit 1; }

cd "$(dirname "$0")/../build"
reports=${BYOK_ARTIFACTS:-$(mktemp -d "${TMPDIR:-/tmp}/byok-mutants.XXXXXX")}
mkdir -p "$reports"
echo "reports in $reports"
dotnet tool restore >"$reports/tools.log"

# configuration GROUP: Stryker's.
configuration() {
  local globs
  globs=$(printf '%s\n' ${MUTATE_FILES:-${files[$1]}} | jq -R . | jq -sc .)
  jq -n --arg project "${project[$1]}.csproj" --arg tests "../tests/${tests[$1]}/${tests[$1]}.csproj" --argjson mutate "$globs" \
    --arg level "${MUTATE_LEVEL:-Standard}" --argjson beside "${MUTATE_BESIDE:-$(nproc)}" '{"stryker-config": {
      project: $project, "test-projects": [$tests], configuration: "Release", "test-runner": "mtp", mutate: $mutate,
      "mutation-level": $level, concurrency: $beside, reporters: ["json", "html"]}}'
}

# count REPORT STATUS...: the mutants that ended so.
count() {
  local report=$1
  shift
  jq --args '[.files[].mutants[] | select(.status as $is | $ARGS.positional | index($is))] | length' "$@" <"$report"
}

# survivors REPORT: FILE:LINE, what was changed, into what.
survivors() {
  jq -r '.files | to_entries[] | .key as $file | .value.mutants[] | select(.status == "Survived" or .status == "NoCoverage")
    | "\($file | sub(".*/operator/"; "")):\(.location.start.line) \(.status) \(.mutatorName): \(.replacement | gsub("\\s+"; " "))"' "$1" | cut -c1-200
}

# A group whose report is missing has failed, and the others still run.
failed=0
for group in "${groups[@]}"; do
  configuration "$group" >"$reports/$group.json"
  PureTests=true dotnet tool run dotnet-stryker -f "$reports/$group.json" -O "$reports/$group" >"$reports/$group.log" 2>&1 || true
  report=$reports/$group/reports/mutation-report.json
  if [ ! -e "$report" ]; then
    echo "$group: no report, see $reports/$group.log"
    failed=1
    continue
  fi
  survivors "$report"
  killed=$(count "$report" Killed Timeout) left=$(count "$report" Survived NoCoverage)
  awk -v group="$group" -v killed="$killed" -v left="$left" 'BEGIN {
    all = killed + left
    printf "%s: %d mutants, %d found by a test, %d not: %.1f %%\n", group, all, killed, left, all ? 100 * killed / all : 100 }'
done
exit $failed
