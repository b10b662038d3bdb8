# The node: containerd and a kubelet that runs pods for real. Sourced; needs control.sh.

readonly POD_RANGE=10.197.0.0/24
# The kernel settings that a kubelet changes to its liking; put back afterwards.
readonly KUBELET_SETTINGS="vm.overcommit_memory kernel.panic kernel.panic_on_oops"

containers() { in_net ctr -a "$RUN/containerd/c.sock" -n k8s.io "$@"; }

# containerd_config: everything under $RUN. An overlay cannot be stacked on an overlay, as inside another container.
containerd_config() {
  local home=$RUN/containerd snapshotter=overlayfs
  [ "$(stat -f -c %T "$RUN")" != overlayfs ] || snapshotter=native
  mkdir -p "$home/cni"
  cat >"$home/config.toml" <<TOML
version = 2
root = "$home/root"
state = "$home/state"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
[grpc]
  address = "$home/c.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$snapshotter"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$home/cni"
TOML
  cat >"$home/cni/10-tests.conflist" <<JSON
{ "cniVersion": "0.4.0", "name": "tests", "plugins": [
  { "type": "bridge", "bridge": "pods0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
    "ipam": { "type": "host-local", "dataDir": "$home/ipam", "ranges": [[{"subnet": "$POD_RANGE"}]], "routes": [{"dst": "0.0.0.0/0"}] } } ] }
JSON
}

# kubelet_config: pods' groups lie under one of our own, so that no other kubelet's are taken for orphans, and device
# plugins are off because their socket has a fixed place outside $RUN.
kubelet_config() {
  cat >"$RUN/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_ADDRESS
readOnlyPort: 0
tlsCertFile: $RUN/kubernetes/pki/kubelet-server.crt
tlsPrivateKeyFile: $RUN/kubernetes/pki/kubelet-server.key
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: $RUN/kubernetes/pki/ca.crt}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupRoot: /$BYOK_TEST_NETNS
failSwapOn: false
featureGates: {DevicePlugins: false}
resolvConf: /etc/resolv.conf
evictionHard: {memory.available: 100Mi, nodefs.available: "1%", imagefs.available: "1%"}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
syncFrequency: 5s
nodeStatusUpdateFrequency: 1s
YAML
}

# control_groups: the kubelet wants its root group in every hierarchy (version 1) or in the one (version 2).
control_groups() {
  local hierarchy
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    mkdir -p "/sys/fs/cgroup/$BYOK_TEST_NETNS"
    sed 's/\([a-z]\+\)/+\1/g' /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || true
    return
  fi
  for hierarchy in /sys/fs/cgroup/*/; do
    [ -w "$hierarchy/tasks" ] && mkdir -p "$hierarchy/$BYOK_TEST_NETNS"
  done
}

# node_up: until the node is Ready and has the pause and busybox images.
node_up() {
  containerd_config
  kubelet_config
  control_groups
  [ -e /var/log/pods ] || touch "$RUN/made-pod-logs"
  start containerd containerd -c "$RUN/containerd/config.toml"
  await containerd containers version || return
  base_images || return
  sysctl $KUBELET_SETTINGS >"$RUN/sysctl.before"
  start kubelet "$KUBERNETES/kubelet" --config="$RUN/kubelet.yaml" --kubeconfig="$RUN/kubernetes/kubelet.conf" \
    --hostname-override="$NODE_NAME" --node-ip="$NODE_ADDRESS" --root-dir="$RUN/kubelet" --cert-dir="$RUN/kubelet" \
    --container-runtime=remote --container-runtime-endpoint="unix://$RUN/containerd/c.sock"
  await kubelet kube wait --for=condition=Ready "node/$NODE_NAME" --timeout=1s
}

base_images() {
  local root=$RUN/image tool
  mkdir -p "$root/pause" "$root/busybox/bin"
  cp "$KUBERNETES/pause" "$root/pause/"
  cp /bin/busybox "$root/busybox/bin/"
  for tool in $(/bin/busybox --list | grep -vx busybox); do ln -sf busybox "$root/busybox/bin/$tool"; done
  image_archive "$root/pause" localhost/pause:1 "$root/pause.tar" '"Entrypoint":["/pause"]'
  image_archive "$root/busybox" localhost/busybox:1 "$root/busybox.tar" '"Env":["PATH=/bin"],"Cmd":["/bin/sh"]'
  containers images import "$root/pause.tar" >/dev/null &&
    containers images import "$root/busybox.tar" >/dev/null
}

# pod_networks: the names of the namespaces that containerd made for the pods that are still there.
pod_networks() {
  local id
  for id in $(containers containers ls -q 2>/dev/null); do
    containers containers info "$id" 2>/dev/null | grep -oE '/run/netns/cni-[0-9a-f-]+' || true
  done | sed 's,.*/,,' | sort -u
}

# node_down: no container, shim, mount, group or kernel setting of ours is left behind.
node_down() {
  [ -f "$RUN/kubelet.yaml" ] || return 0
  stop kubelet
  pod_networks >"$RUN/pod-networks"
  containers task ls -q 2>/dev/null | while read -r task; do containers task rm -f "$task" >/dev/null 2>&1 || true; done
  stop containerd
  pgrep -f "containerd-shim.* $RUN/" | xargs -r kill -9 2>/dev/null || true
  xargs -r -n1 ip netns del <"$RUN/pod-networks" || true
  awk -v run="$RUN/" 'index($2, run) == 1 {print $2}' /proc/mounts | sort -r | xargs -r umount -l
  find /sys/fs/cgroup -depth -type d -path "/sys/fs/cgroup*/$BYOK_TEST_NETNS*" -exec rmdir {} + 2>/dev/null || true
  [ ! -f "$RUN/sysctl.before" ] || sysctl -qp "$RUN/sysctl.before"
  [ ! -f "$RUN/made-pod-logs" ] || rm -rf /var/log/pods /var/log/containers
}
