# Sourced by every script of the harness: what they say, where they keep things, how they stop what they started.

readonly HARNESS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly REPOSITORY=$(cd "$HARNESS/../.." && pwd)
export BYOK_CACHE=${BYOK_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/byok-operator}

# The moment the whole run began: every stage is told in seconds since then.
export BYOK_STARTED=${BYOK_STARTED:-$(date +%s)}

say() { printf '[%4ds] %s\n' "$(($(date +%s) - BYOK_STARTED))" "$*"; }

# load: what else the machine has to do, printed beside times.
load() { echo "load $(cut -d' ' -f1-3 /proc/loadavg) on $(nproc) cores"; }
fail() { printf '[%4ds] FAILED: %s\n' "$(($(date +%s) - BYOK_STARTED))" "$*"; return 1; }

# cached NAME FILE...: prints the folder for what these files build. It is named by their content, so a changed
# script builds anew and an unchanged one never does.
cached() {
  local name=$1
  shift
  echo "$BYOK_CACHE/$name-$(cat "$@" | sha256sum | cut -c1-12)"
}

# build_once NAME SCRIPT FILE...: runs `SCRIPT FOLDER` unless an earlier run finished it. The folder is only known
# as finished once it is whole, and two runs at a time build it once.
build_once() {
  local name=$1 script=$2 folder
  shift 2
  folder=$(cached "$name" "$script" "$@")
  mkdir -p "$BYOK_CACHE"
  (
    flock 9
    [ ! -e "$folder/complete" ] || exit 0
    rm -rf --one-file-system "$folder"
    mkdir -p "$folder"
    bash "$script" "$folder" && touch "$folder/complete"
  ) 9>"$folder.lock"
}

# free_port: a loopback port that nobody listens on, below the range the kernel gives to outgoing connections.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    in_net bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null || { echo "$port"; return; }
  done
}

# in_net CMD...: runs it in the network of the tests: their own namespace, or the machine's where there is none.
in_net() {
  if [ -n "${BYOK_TEST_NETNS:-}" ]; then nsenter "--net=/run/netns/$BYOK_TEST_NETNS" "$@"; else "$@"; fi
}

# podman_settings FOLDER: a containers.conf for Debian's podman where it may raise no limit and finds no systemd; it keeps what passes in that folder.
podman_settings() {
  cat <<TOML
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
tmp_dir = "$1"
TOML
}

# start NAME CMD...: a server in the background, in the network of the tests, noted so that stop_servers ends it.
start() {
  local name=$1 enter=()
  shift
  [ -z "${BYOK_TEST_NETNS:-}" ] || enter=(nsenter "--net=/run/netns/$BYOK_TEST_NETNS")
  setsid nohup "${enter[@]}" "$@" >"$ARTIFACTS/$name.log" 2>&1 </dev/null &
  echo $! >"$RUN/$name.pid"
  echo "$name" >>"$RUN/started"
}

# alive NAME: a zombie that nobody has reaped yet is not alive.
alive() {
  local state
  state=$(awk '/^State:/ {print $2}' "/proc/$(cat "$RUN/$1.pid")/status" 2>/dev/null) && [ -n "$state" ] && [ "$state" != Z ]
}

# A server that is not up after so long will never be, on a machine many times slower than ours too.
readonly READY_SECONDS=600

# await NAME CMD...: until CMD succeeds; fails at once when the server has died, with the end of its log.
await() {
  local name=$1 deadline=$(($(date +%s) + READY_SECONDS))
  shift
  until "$@" >/dev/null 2>&1; do
    if ! alive "$name" || [ "$(date +%s)" -ge "$deadline" ]; then
      tail -n 20 "$ARTIFACTS/$name.log"
      fail "$name did not get ready: $*"
      return 1
    fi
    sleep 0.2
  done
}

# stop NAME: asks, waits up to 10 s, then insists.
stop() {
  [ -f "$RUN/$1.pid" ] || return 0
  local pid tries=50
  pid=$(cat "$RUN/$1.pid")
  kill "$pid" 2>/dev/null || true
  while alive "$1" && [ $((tries -= 1)) -gt 0 ]; do sleep 0.2; done
  ! alive "$1" || kill -9 "$pid" 2>/dev/null || true
  rm -f "$RUN/$1.pid"
}

# certificate NAME SUBJECT EXTENSIONS: a key and a certificate by ./ca.crt, in the current folder.
certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" -extfile <(printf '%b\n' "$3")
  rm "$1.csr"
}

# authority: the certificate authority of one server, in the current folder.
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.crt -days 30 \
    -subj /CN=byok-tests-ca -addext keyUsage=critical,keyCertSign,digitalSignature
}

# kubeconfig FILE PORT PKI USER: a kubeconfig for the client certificate PKI/USER.crt.
kubeconfig() {
  cat >"$1" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: tests, cluster: {server: "https://127.0.0.1:$2", certificate-authority: $3/ca.crt}}]
users: [{name: $4, user: {client-certificate: $3/$4.crt, client-key: $3/$4.key}}]
contexts: [{name: tests, context: {cluster: tests, user: $4}}]
current-context: tests
YAML
}
