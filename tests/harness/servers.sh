# All the servers that the tests use: built once, started together, stopped whatever happens. Sourced; needs lib.sh
# and $ARTIFACTS. What it exports is listed in tests/harness/README.md.

. "$HARNESS/packages.sh"
. "$HARNESS/network.sh"
. "$HARNESS/images/archive.sh"
. "$HARNESS/images/operator.sh"
. "$HARNESS/crdserver/up.sh"
. "$HARNESS/kubernetes/control.sh"
. "$HARNESS/kubernetes/node.sh"
. "$HARNESS/engine/up.sh"
. "$HARNESS/moto/up.sh"
. "$HARNESS/azurite/up.sh"

readonly TOOLS=$(cached tools "$HARNESS/crdserver/build.sh" "$HARNESS/crdserver/main.go" "$HARNESS/crdserver/policy.go" "$HARNESS/crdserver/packages.txt")/bin
readonly KUBERNETES=$(cached kubernetes "$HARNESS/kubernetes/build.sh" "$HARNESS/kubernetes/pause.go")/bin
readonly MOTO=$(cached moto "$HARNESS/moto/build.sh")
readonly AZURITE=$(cached azurite "$HARNESS/azurite/build.sh")
readonly IAM=$(cached iam "$HARNESS/iam/build.sh" "$HARNESS/iam/judge.mjs" "$HARNESS/iam/package-lock.json")
readonly HCL=$(cached hcl "$HARNESS/hcl/build.sh" "$HARNESS/hcl/parse.mjs" "$HARNESS/hcl/package-lock.json")
readonly HELM=$(cached helm "$HARNESS/helm/build.sh")/bin
readonly OPENSSLS=$(cached openssl "$HARNESS/openssl/build.sh")/bin

# A cluster that the caller gave is used as it is: nothing is built for it and no namespace stands between.
readonly GIVEN_CLUSTER=${BYOK_TEST_KUBECONFIG:-}

# servers_packages: what the servers need to run, from the host's own release.
servers_packages() {
  host_packages ca-certificates jq lua5.4 openssl procps prometheus
  [ -n "$GIVEN_CLUSTER" ] || host_packages busybox-static conntrack containerd containernetworking-plugins ebtables \
    etcd-server ethtool iproute2 ipset iptables runc socat
}

# browser_package: a Chromium that has no window, for whatever is made to be looked at in one.
browser_package() { host_packages chromium-headless-shell fonts-dejavu-core; }

# openssls: the further openssl programs, as soon as they are there; no server is needed for them.
openssls() {
  [ ! -e "${OPENSSLS%/bin}/complete" ] || export BYOK_TEST_OPENSSLS=$(find "$OPENSSLS" -type f | sort | paste -sd:)
}

# helm_there: the tests of the charts render with it; Argo CD's health checks are run by lua, Terraform's files read by its own parser, pages
# seen in a browser.
helm_there() {
  [ ! -x /usr/lib/chromium/chromium-headless-shell ] || export BYOK_TEST_CHROMIUM=/usr/lib/chromium/chromium-headless-shell
  ! command -v lua5.4 >/dev/null || export BYOK_TEST_LUA=$(command -v lua5.4)
  ! command -v promtool >/dev/null || export BYOK_TEST_PROMETHEUS=$(command -v prometheus)
  [ ! -e "${HELM%/bin}/complete" ] || export BYOK_TEST_HELM=$HELM/helm
  [ ! -e "$HCL/complete" ] || export BYOK_TEST_HCL=$HCL/parse.mjs
}

# servers_up: starts them all and exports how to reach them. One that does not start is one failure of the run, and the
# tests that need it are left out; the others still run.
servers_up() {
  local server
  RUN=$(mktemp -d "${TMPDIR:-/tmp}/byok-run.XXXXXX")
  chmod 755 "$RUN"
  export BYOK_TEST_KUBECTL=$TOOLS/kubectl BYOK_TEST_POLICY=$TOOLS/policy BYOK_TEST_IAM_JUDGE=$IAM/judge.mjs
  openssls
  helm_there
  [ -n "$GIVEN_CLUSTER" ] || network_up || return
  for server in moto azurite crdserver kubernetes; do
    if "${server}_up"; then say "$server is up"; else failed=$((failed + 1)); fi
  done
  engine_up
}

# kubernetes_up: nothing to do where the caller gave a cluster.
kubernetes_up() {
  [ -z "$GIVEN_CLUSTER" ] || return 0
  kubernetes_certificates && control_up && node_up || return
  export BYOK_TEST_KUBECONFIG=$RUN/kubernetes/admin.conf BYOK_TEST_AUDIT_LOG=$(audit_log)
  export BYOK_TEST_BUSYBOX_IMAGE=localhost/busybox:1
}

# operator_up: the operator that was published, as an image in the node. A cluster without it counts as one that did not start.
operator_up() {
  [ -z "$GIVEN_CLUSTER" ] && [ -n "${BYOK_TEST_KUBECONFIG:-}" ] || return 0
  if operator_image_import; then
    export BYOK_TEST_IMAGE=$OPERATOR_IMAGE
    say "the operator is in it"
  else
    unset BYOK_TEST_KUBECONFIG BYOK_TEST_AUDIT_LOG
    failed=$((failed + 1))
  fi
}

# servers_absent: the options that leave out the tests whose server is not there (their trait "Server" names it).
servers_absent() {
  [ -n "${BYOK_MOTO_URL:-}" ] || echo "-trait- Server=moto"
  [ -n "${BYOK_TEST_HELM:-}" ] || echo "-trait- Server=helm"
  [ -n "${BYOK_TEST_HCL:-}" ] || echo "-trait- Server=hcl"
  [ -n "${BYOK_TEST_LUA:-}" ] || echo "-trait- Server=lua"
  [ -n "${BYOK_TEST_PROMETHEUS:-}" ] || echo "-trait- Server=prometheus"
  [ -n "${BYOK_TEST_CHROMIUM:-}" ] || echo "-trait- Server=chromium"
  [ -n "${BYOK_TEST_IAM_JUDGE:-}" ] || echo "-trait- Server=iam"
  [ -n "${BYOK_AZURITE_URL:-}" ] || echo "-trait- Server=azurite"
  [ -n "${BYOK_TEST_CRDSERVER_KUBECONFIG:-}" ] || echo "-trait- Server=crdserver"
  [ -n "${BYOK_TEST_KUBECONFIG:-}" ] || echo "-trait- Server=kubernetes"
  [ -n "${BYOK_TEST_AUDIT_LOG:-}" ] || echo "-trait- Server=audit"
}

# servers_down: in the reverse order of starting; safe to call twice and after a start that failed half way.
servers_down() {
  [ -n "${RUN:-}" ] || return 0
  engine_down || true
  node_down || true
  local name
  [ ! -f "$RUN/started" ] || for name in $(tac "$RUN/started"); do stop "$name"; done
  network_down
  rm -rf --one-file-system "$RUN"
  unset RUN
}

# keep_servers: tells how to reach what is left up, and leaves a script that stops it.
keep_servers() {
  export -p | grep -E ' (BYOK|ARTIFACTS|DOCKER_HOST|TESTCONTAINERS)' >"$RUN/environment"
  cat >"$RUN/stop" <<SH
#!/usr/bin/env bash
. "$RUN/environment"
RUN=$RUN
. "$HARNESS/lib.sh"
. "$HARNESS/servers.sh"
servers_down
operator_away
SH
  chmod +x "$RUN/stop"
  say "servers are left up: '. $RUN/environment' to reach them${BYOK_TEST_NETNS:+ (inside nsenter --net=/run/netns/$BYOK_TEST_NETNS)}, '$RUN/stop' to stop them"
}
