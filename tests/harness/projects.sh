# Finding, running and summing the test projects. Sourced; needs lib.sh and $ARTIFACTS.

# No project may run longer than this: a hang is a failure, not a wait for CI to give up.
readonly PROJECT_SECONDS=${BYOK_PROJECT_SECONDS:-2400}

# Nor may it say nothing and do nothing (less than a hundredth of a core) for longer than this: whoever waits for something looks at it.
readonly STALLED_SECONDS=${BYOK_STALLED_SECONDS:-300}

# Its stories wait for pods, leases and leaders most of the time, and none takes longer: it begins before the others are built.
readonly LONGEST=Cluster.Tests

# These wait most of the time too, and run beside whatever else does.
readonly WAITING=CloudStories

# Tests that start the operator as it is shipped, as a process or in a pod.
readonly NEEDS_OPERATOR='Programs\.|OperatorImage'

# Tests that keep promises about time have this trait. They come last, one project after the other, when nothing runs beside them:
# that part of a project is called NAME-quiet here.
readonly QUIET=Cores=quiet

# Tests that need the whole cluster to themselves, and measure no time, have this trait: they come right after $LONGEST, which has it until
# then, beside whatever else runs. That part of a project is called NAME-alone here.
readonly ALONE=Cluster=alone

# A test project that speaks of one of these has tests for a server.
readonly NEEDS_SERVER='\[Trait\("Server"|BYOK_TEST_KUBECONFIG'

# absent: the options that leave out the tests whose server is not there.
passed=0 failed=0 skipped=0 absent=()
# beside: what runs beside the rest, by its first project; line: that and what comes after it.
declare -A beside=() line=()

# Every folder under tests/ whose project file calls itself a test project.
test_projects() {
  grep -l '<IsTestProject>true</IsTestProject>' "$REPOSITORY"/tests/*/*.csproj | xargs -n1 dirname | xargs -n1 basename
}

# count_of SUMMARY NAME: the number behind "Name: " in xunit's summary line.
count_of() { sed -nE "s/.*[ ,]$2: ([0-9]+).*/\1/p" <<<"$1"; }

# add_summary NAME LOG CODE: adds one project's log to the sums. No summary, or a bad exit that the summary does
# not explain, is a crash and counts as one failure: a project that dies half way must not look green.
add_summary() {
  local name=$1 log=$2 code=$3 sum total bad skip
  sum=$(grep -E "^ +${name%-*} +Total: [0-9]+" "$log" | tail -n 1 || true)
  total=$(count_of "$sum" Total) bad=$(count_of "$sum" Failed) skip=$(count_of "$sum" Skipped)
  bad=$((${bad:-0} + $(count_of "$sum" Errors | grep . || echo 0)))
  if [ "$bad" -eq 0 ] && { [ -z "$total" ] || { [ "$code" -ne 0 ] && [ "$total" -ne 0 ]; }; }; then
    fail "$name ended with exit code $code and no failed test to explain it" || true
    bad=1 total=$((${total:-0} + 1))
  fi
  passed=$((passed + total - bad - ${skip:-0})) failed=$((failed + bad)) skipped=$((skipped + ${skip:-0}))
  say "$name: $((total - bad - ${skip:-0})) passed, $bad failed, ${skip:-0} skipped"
}

# part_of NAME: the options that choose the tests of a project, or of a part of it.
part_of() {
  case $1 in
    *-quiet) echo "-trait $QUIET" ;;
    *-alone) echo "-trait $ALONE" ;;
    *) echo "-trait- $QUIET -trait- $ALONE" ;;
  esac
}

# open_tests LOG: the tests that began and did not end.
open_tests() {
  awk 'sub(/ \[STARTING\]$/, "") { open[$0] } sub(/ \[FINISHED\].*/, "") { delete open[$0] } END { for (one in open) print "  " one " began and did not end" }' "$1"
}

# cpu_of PID: the seconds of CPU that it and all below it have used.
cpu_of() {
  ps -eo pid=,ppid=,cputimes= | awk -v top="$1" '
    { parent[$1] = $2; used[$1] = $3 }
    END { for (pid in used) { for (one = pid; one > 1 && one != top; one = parent[one]); if (one == top) sum += used[pid] } print sum + 0 }'
}

# end_if_stalled NAME PID: ends it when it has stalled, and names the tests that were open.
end_if_stalled() {
  local log=$ARTIFACTS/$1.log pid=$2 since=$SECONDS size= cpu= said used
  while kill -0 "$pid" 2>/dev/null; do
    sleep 5
    said=$(stat -c %s "$log")
    if [ "$said" != "$size" ]; then
      size=$said cpu= since=$SECONDS
      continue
    fi
    used=$(cpu_of "$pid") # only of one that says nothing
    if [ -z "$cpu" ] || [ "$used" -lt "$cpu" ]; then
      cpu=$used # what has ended is not counted any more
    elif [ $(((used - cpu) * 100)) -ge "$STALLED_SECONDS" ]; then
      cpu=$used since=$SECONDS
    fi
    [ $((SECONDS - since)) -ge "$STALLED_SECONDS" ] || continue
    { echo "    $1 stalled: nothing said and nothing done for $STALLED_SECONDS s [FAIL]" && open_tests "$log"; } >"$ARTIFACTS/$1.stalled"
    kill "$pid"
    return
  done
}

# run_tests NAME: runs one built project, or a part of it, within the time bound, inside $BYOK_TEST_NETNS if set.
run_tests() {
  local name=$1 log=$ARTIFACTS/$1.log code=0 running enter=() part=()
  local exe=$REPOSITORY/tests/${name%-*}/bin/Release/net10.0/${name%-*}
  read -r -a part < <(part_of "$name")
  if [ ! -x "$exe" ]; then
    echo "$name was not built" >"$log"
    code=127
  else
    [ -z "${BYOK_TEST_NETNS:-}" ] || enter=(nsenter "--net=/run/netns/$BYOK_TEST_NETNS")
    rm -f "$ARTIFACTS/$name.stalled"
    say "$name, $(load)"
    timeout --kill-after=10 "$PROJECT_SECONDS" "${enter[@]}" "$exe" -noColor -diagnostics -reporter verbose -ctrf "$ARTIFACTS/$name.json" "${part[@]}" "${absent[@]}" >"$log" 2>&1 </dev/null &
    running=$!
    echo "$running" >"$ARTIFACTS/$name.running"
    end_if_stalled "$name" "$running" &
    wait "$running" || code=$?
    rm -f "$ARTIFACTS/$name.running"
    [ ! -e "$ARTIFACTS/$name.stalled" ] || cat "$ARTIFACTS/$name.stalled" >>"$log"
    [ "$code" -ne 124 ] || echo "no end within $PROJECT_SECONDS s: stopped" >>"$log"
  fi
  echo "$code" >"$ARTIFACTS/$name.code"
}

# stop_tests: ends what is still running when the whole run is ended early.
stop_tests() {
  local running
  touch "$ARTIFACTS/stopping"
  for running in "$ARTIFACTS"/*.running; do
    [ ! -e "$running" ] || kill "$(cat "$running")" 2>/dev/null || true
  done
}

# failed_of LOG: each failed test of a project with the first lines of what it said.
failed_of() {
  awk '/^ ? ? ? ?[^ ]/ { left = /\[(FAIL|ERROR)\]$/ ? 12 : 0 } left-- > 0' "$1"
}

# tell_tests NAME: prints the end of what a project said, keeps what failed for the end and adds it to the sums.
tell_tests() {
  grep -vE '\[(STARTING|FINISHED|PASS)\]' "$ARTIFACTS/$1.log" | tail -n 400 || true
  failed_of "$ARTIFACTS/$1.log" >>"$ARTIFACTS/failed.txt"
  add_summary "$1" "$ARTIFACTS/$1.log" "$(cat "$ARTIFACTS/$1.code" 2>/dev/null || echo 1)"
}

# slowest: the ten tests that took longest, from what each project wrote of its own.
slowest() {
  command -v jq >/dev/null || return 0
  jq -r '.results.tests[] | "\(.duration) \(.name | split("(")[0])"' "$ARTIFACTS"/*.json 2>/dev/null | sort -rn | head -n 10 |
    awk '{ printf "  %6.1f s  %s\n", $1 / 1000, $2 }'
}

# run_line NAME...: one after the other; only $LONGEST begins before everything is built, and nothing once the run is being ended.
run_line() {
  local name
  for name in "$@"; do
    until [ "$name" = "$LONGEST" ] || [ -e "$ARTIFACTS/built" ] || [ -e "$ARTIFACTS/stopping" ]; do sleep 1; done
    [ ! -e "$ARTIFACTS/stopping" ] || return 0
    run_tests "$name"
  done
}

# begin_beside NAME [NEXT]...: starts a project beside all others, and the next when it has ended; once, however often it is asked for.
begin_beside() {
  [ $# -gt 0 ] && [ -z "${beside[$1]:-}" ] || return 0
  run_line "$@" &
  beside[$1]=$!
  line[$1]=$*
}

# begin_cluster NAMES: $LONGEST, and then what needs the whole cluster to itself.
begin_cluster() {
  local name parts=()
  [[ " $1 " != *" $LONGEST "* ]] || parts=("$LONGEST")
  for name in $1; do ! has_trait "$name" "$ALONE" || parts+=("$name-alone"); done
  begin_beside "${parts[@]}"
}

# end_beside NAME: waits for it and what came next, if it was begun.
end_beside() {
  local part
  [ -n "${beside[$1]:-}" ] || return 0
  wait "${beside[$1]}" || true
  for part in ${line[$1]}; do tell_tests "$part"; done
}

# has_trait NAME TRAIT: whether any test of it has the trait.
has_trait() { grep -rqF --include='*.cs' --exclude-dir=obj "[Trait(\"${2%=*}\", \"${2#*=}\")]" "$REPOSITORY/tests/$1"; }

# needs_server NAME: whether any test of it is for a server.
needs_server() { grep -rqE --include='*.cs' --exclude-dir=obj "$NEEDS_SERVER" "$REPOSITORY/tests/$1"; }

# needs_operator NAME: whether any test of it starts our programs as they are shipped.
needs_operator() { grep -rqE --include='*.cs' --exclude-dir=obj "$NEEDS_OPERATOR" "$REPOSITORY/tests/$1"; }

# run_apart NAME...: one after the other, but for those that run beside; what comes about meanwhile is taken into use at once.
run_apart() {
  local name running
  for name in "$@"; do
    between_projects
    [ -z "${beside[$name]:-}" ] || continue
    run_tests "$name" &
    running=$!
    while kill -0 "$running" 2>/dev/null; do
      between_projects
      sleep 1
    done
    wait "$running" || true
    tell_tests "$name"
  done
}

# run_projects NAMES: first those that need neither server nor operator, beside them the one that mostly waits; then those that need the
# operator alone; then those that need servers, beside what needs the cluster; what keeps promises about time at the end, alone. Calls
# between_projects before each and while it runs, before_operator and before_servers when these have to be there.
run_projects() {
  local names=$1 name early=() without=() with=()
  for name in $names; do
    if needs_server "$name"; then with+=("$name"); elif needs_operator "$name"; then without+=("$name"); else early+=("$name"); fi
  done
  for name in $WAITING; do
    [[ " $names " != *" $name "* ]] || begin_beside "$name"
  done
  run_apart "${early[@]}"
  before_operator
  run_apart "${without[@]}"
  [ ${#with[@]} -eq 0 ] || before_servers
  begin_cluster "$names"
  run_apart "${with[@]}"
  for name in "${!beside[@]}"; do end_beside "$name"; done
  for name in $names; do
    has_trait "$name" "$QUIET" || continue
    run_tests "$name-quiet"
    tell_tests "$name-quiet"
  done
}
