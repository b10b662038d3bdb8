# Finding, running and summing the test projects. Sourced; needs lib.sh and $ARTIFACTS.

# No project may run longer than this: a hang is a failure, not a wait for CI to give up.
readonly PROJECT_SECONDS=${BYOK_PROJECT_SECONDS:-1500}

passed=0 failed=0 skipped=0

# Every folder under tests/ whose project file calls itself a test project.
test_projects() {
  grep -l '<IsTestProject>true</IsTestProject>' "$REPOSITORY"/tests/*/*.csproj | xargs -n1 dirname | xargs -n1 basename
}

# count_of SUMMARY NAME: the number behind "Name: " in xunit's summary line.
count_of() { sed -nE "s/.*[ ,]$2: ([0-9]+).*/\1/p" <<<"$1"; }

# add_summary NAME LOG CODE: adds one project's log to the sums. No summary, or a bad exit that the summary does
# not explain, is a crash and counts as one failure: a project that dies half way must not look green.
add_summary() {
  local name=$1 log=$2 code=$3 line total bad skip
  line=$(grep -E "^ +$name +Total: [0-9]+" "$log" | tail -n 1 || true)
  total=$(count_of "$line" Total) bad=$(count_of "$line" Failed) skip=$(count_of "$line" Skipped)
  bad=$((${bad:-0} + $(count_of "$line" Errors | grep . || echo 0)))
  if [ "$bad" -eq 0 ] && { [ -z "$total" ] || { [ "$code" -ne 0 ] && [ "$total" -ne 0 ]; }; }; then
    fail "$name ended with exit code $code and no failed test to explain it" || true
    bad=1 total=$((${total:-0} + 1))
  fi
  passed=$((passed + total - bad - ${skip:-0})) failed=$((failed + bad)) skipped=$((skipped + ${skip:-0}))
  say "$name: $((total - bad - ${skip:-0})) passed, $bad failed, ${skip:-0} skipped"
}

# run_project NAME [xunit option...]: runs one built project within the time bound, inside $BYOK_TEST_NETNS if set.
run_project() {
  local name=$1 log=$ARTIFACTS/$1.log code=0 enter=()
  shift
  local exe=$REPOSITORY/tests/$name/bin/Release/net10.0/$name
  if [ ! -x "$exe" ]; then
    fail "$name was not built" || true
    failed=$((failed + 1))
    return
  fi
  [ -z "${BYOK_TEST_NETNS:-}" ] || enter=(nsenter "--net=/run/netns/$BYOK_TEST_NETNS")
  say "$name"
  timeout --kill-after=10 "$PROJECT_SECONDS" "${enter[@]}" "$exe" -noColor "$@" >"$log" 2>&1 </dev/null || code=$?
  [ "$code" -ne 124 ] || echo "no end within $PROJECT_SECONDS s: stopped" >>"$log"
  tail -n 400 "$log"
  add_summary "$name" "$log" "$code"
}
