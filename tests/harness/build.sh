# Building our own sources for the run. Sourced; needs lib.sh and $ARTIFACTS.

# build WHAT LOG: WHAT is a project or the solution.
build() {
  { [[ $1 != *.sln ]] || platforms_restored; } >"$ARTIFACTS/$2.log" 2>&1 &&
    dotnet build "$REPOSITORY/$1" -c Release --nologo -v q -clp:NoSummary >>"$ARTIFACTS/$2.log" 2>&1
}

# platforms_restored: the packages of each platform that is published, exactly as they are on record: a test reads their licences, and a machine
# has no others than its own before. Apart from the solution's own files. macOS and Windows have the packages of Linux (a test says so), and a runtime
# that nobody here can start.
platforms_restored() {
  local lock platform
  for lock in "$REPOSITORY"/operator/ByokOperator/packages.linux-*.lock.json; do
    platform=$(basename "$lock" .lock.json)
    platform=${platform#packages.}
    dotnet restore "$REPOSITORY/operator/ByokOperator/ByokOperator.csproj" -p:RuntimeIdentifier="$platform" --locked-mode \
      --artifacts-path "$HARNESS/obj/restored/$platform" --nologo -v q || return
  done
}
