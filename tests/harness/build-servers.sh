#!/usr/bin/env bash
# Installs and builds whatever of the servers, and of what the tests run, is not there yet: what is quickly there first. Takes minutes on a new
# machine and nothing on a known one; meant for the background, so it yields to the build of the solution and to the tests.
set -uo pipefail
. "$(dirname "$0")/lib.sh"
. "$HARNESS/servers.sh"

renice -n 10 $$ >/dev/null
# Where sessions share the cores among them, niceness counts within one alone, and this one's own is told here.
{ echo 10 >"/proc/$$/autogroup"; } 2>/dev/null || true
status=0
servers_packages || status=1
build_once moto "$HARNESS/moto/build.sh" || status=1
build_once azurite "$HARNESS/azurite/build.sh" || status=1
build_once iam "$HARNESS/iam/build.sh" "$HARNESS/iam/judge.mjs" "$HARNESS/iam/package-lock.json" || status=1 # after azurite: it brings npm
build_once hcl "$HARNESS/hcl/build.sh" "$HARNESS/hcl/parse.mjs" "$HARNESS/hcl/package-lock.json" || status=1 # after azurite too
build_once openssl "$HARNESS/openssl/build.sh" || status=1
build_once helm "$HARNESS/helm/build.sh" || status=1 # after azurite too
browser_package || status=1
engine_packages
bash "$HARNESS/node/folder.sh" >/dev/null || status=1 # now: the tests' own network leads nowhere
build_once tools "$HARNESS/crdserver/build.sh" "$HARNESS/crdserver/main.go" "$HARNESS/crdserver/policy.go" "$HARNESS/crdserver/packages.txt" || status=1
if [ -z "$GIVEN_CLUSTER" ]; then
  build_once kubernetes "$HARNESS/kubernetes/build.sh" "$HARNESS/kubernetes/pause.go" || status=1
fi
exit $status
