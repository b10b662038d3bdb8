# A container engine for the tests that any cluster will do for: the machine's own where one is at hand, else podman within the tests' own
# network, with an image of a control plane that answers as k3s does. Nothing here is a failure of the run: without an engine these tests take
# the cluster that was built. Sourced; needs lib.sh, packages.sh, network.sh, archive's libraries, $RUN, $KUBERNETES and $TOOLS.

readonly CONTROL_PLANE_IMAGE=localhost/byok-control-plane:test
# An engine that answers at all does so at once; one that is half there must not hold up the run.
readonly ENGINE_SECONDS=60

# engine_at_hand: whether the machine has an engine of its own.
engine_at_hand() { [ -n "${DOCKER_HOST:-}" ] || [ -S /var/run/docker.sock ]; }

# engine_packages: podman where there is no engine. Its trouble is nobody's failure.
engine_packages() {
  engine_at_hand || [ -n "$GIVEN_CLUSTER" ] || host_packages podman netavark aardvark-dns runc || say "podman is not to be had"
}

# engine_up: which engine the tests are given, if any.
engine_up() {
  [ -z "$GIVEN_CLUSTER" ] && [ -n "${BYOK_TEST_KUBECONFIG:-}" ] && [ "${BYOK_TEST_CLUSTER:-}" != given ] || return 0
  # Where the tests run in a container themselves, the library would look for ports elsewhere.
  export TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
  if engine_at_hand; then
    engine_published || say "the engine's cluster can't be reached from the tests' own network"
  elif podman_up; then
    export DOCKER_HOST=unix://$RUN/podman.sock BYOK_TEST_K3S_IMAGE=$CONTROL_PLANE_IMAGE
    say "podman is up, with $CONTROL_PLANE_IMAGE in it"
  else
    export BYOK_TEST_CLUSTER=given
    say "there is no container engine: what any cluster will do for is tested on the one that was built"
  fi
}

# engine_published: what the machine's engine publishes on the machine's loopback is published on the tests' own too.
engine_published() {
  export BYOK_TEST_K3S_PORT=$(free_port)
  BYOK_TEST_NETNS= start k3s-here socat "UNIX-LISTEN:$RUN/k3s.sock,fork" "TCP:127.0.0.1:$BYOK_TEST_K3S_PORT" &&
    start k3s-there socat "TCP-LISTEN:$BYOK_TEST_K3S_PORT,bind=127.0.0.1,reuseaddr,fork" "UNIX-CONNECT:$RUN/k3s.sock"
}

# podman ARG...: with all that it keeps under $RUN.
podman_here() {
  in_net env CONTAINERS_CONF="$RUN/podman/containers.conf" timeout "$ENGINE_SECONDS" podman --root "$RUN/podman/root" --runroot "$RUN/podman/run" \
    --storage-driver "$(cat "$RUN/podman/driver")" "$@"
}

# podman_up: until it answers and has the image.
podman_up() {
  command -v podman >/dev/null || return
  mkdir -p "$RUN/podman"
  # An overlay cannot be stacked on an overlay, as inside another container.
  [ "$(stat -f -c %T "$RUN")" = overlayfs ] && echo vfs >"$RUN/podman/driver" || echo overlay >"$RUN/podman/driver"
  podman_settings "$RUN/podman/tmp" >"$RUN/podman/containers.conf"
  cat >>"$RUN/podman/containers.conf" <<TOML
[network]
network_backend = "netavark"
network_config_dir = "$RUN/podman/networks"
TOML
  control_plane_image >"$ARTIFACTS/podman-image.log" 2>&1 || { tail -n 3 "$ARTIFACTS/podman-image.log"; return 1; }
  start podman env CONTAINERS_CONF="$RUN/podman/containers.conf" podman --root "$RUN/podman/root" --runroot "$RUN/podman/run" \
    --storage-driver "$(cat "$RUN/podman/driver")" system service --time 0 "unix://$RUN/podman.sock"
  local tries=$ENGINE_SECONDS
  until [ -S "$RUN/podman.sock" ]; do
    alive podman && [ $((tries -= 1)) -gt 0 ] || { tail -n 3 "$ARTIFACTS/podman.log"; return 1; }
    sleep 1
  done
}

# control_plane_image: etcd, API server and controllers as they were built for the run, with the run's own certificates, and no node.
control_plane_image() {
  local root=$RUN/image/control-plane tool
  mkdir -p "$root"/{bin,etc,tmp,pki,run,var/run}
  cp "$(command -v etcd)" "$KUBERNETES"/kube-{apiserver,controller-manager} "$TOOLS/kubectl" /bin/busybox "$root/bin/"
  for tool in sh mkdir cp cat sleep kill; do ln -s busybox "$root/bin/$tool"; done
  ! ldd "$root/bin/etcd" >/dev/null 2>&1 || libraries "$root" "$root/bin/etcd"
  cp "$RUN"/kubernetes/pki/{ca,apiserver,sa,admin,controllers}.{crt,key,pub} "$root/pki/" 2>/dev/null || true
  for user in admin controllers; do
    in_net "$TOOLS/kubectl" --kubeconfig "$RUN/kubernetes/$user.conf" config view --raw --flatten |
      sed 's,server: .*,server: https://127.0.0.1:6443,' >"$root/etc/$user.conf"
  done
  install -m 755 "$HARNESS/engine/control-plane.sh" "$root/bin/control-plane"
  tar -C "$root" -c . | podman_here import --change 'ENTRYPOINT ["/bin/control-plane"]' --change 'ENV PATH=/bin' - "$CONTROL_PLANE_IMAGE" || return
  rm -rf "$root"
}

# engine_down: no container of it is left, nor its mounts.
engine_down() {
  [ -z "${BYOK_TEST_K3S_PORT:-}" ] || timeout "$ENGINE_SECONDS" docker rm --force "byok-k3s-$BYOK_TEST_K3S_PORT" >/dev/null 2>&1 || true
  [ -e "$RUN/podman/driver" ] || return 0
  podman_here rm --all --force --time 0 >/dev/null 2>&1 || true
  stop podman
}
