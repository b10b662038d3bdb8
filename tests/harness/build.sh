# Building our own sources for the run. Sourced; needs lib.sh and $ARTIFACTS.

# build WHAT LOG: WHAT is a project or the solution.
build() { dotnet build "$REPOSITORY/$1" -c Release --nologo -v q -clp:NoSummary >"$ARTIFACTS/$2.log" 2>&1; }
