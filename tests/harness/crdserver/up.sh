# crdserver_up: etcd and the stand-alone CRD server on free loopback ports; exports BYOK_TEST_CRDSERVER_KUBECONFIG.
# Sourced; needs lib.sh, $RUN, $ARTIFACTS and $TOOLS (the folder with the binaries).
crdserver_up() {
  local run=$RUN/crdserver port etcd peer
  mkdir -p "$run/pki"
  port=$(free_port) etcd=$(free_port) peer=$(free_port)
  (
    cd "$run/pki"
    authority
    certificate server /CN=localhost 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth'
    certificate admin /O=system:masters/CN=admin extendedKeyUsage=clientAuth
  ) >"$ARTIFACTS/crdserver-pki.log" 2>&1
  kubeconfig "$run/kubeconfig" "$port" "$run/pki" admin
  start crdserver-etcd "$TOOLS/etcd" --data-dir "$run/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "http://127.0.0.1:$etcd" --advertise-client-urls "http://127.0.0.1:$etcd" \
    --listen-peer-urls "http://127.0.0.1:$peer" --initial-advertise-peer-urls "http://127.0.0.1:$peer" \
    --initial-cluster "default=http://127.0.0.1:$peer"
  start crdserver "$TOOLS/crdserver" "--etcd-servers=http://127.0.0.1:$etcd" --bind-address=127.0.0.1 "--secure-port=$port" \
    "--tls-cert-file=$run/pki/server.crt" "--tls-private-key-file=$run/pki/server.key" "--client-ca-file=$run/pki/ca.crt"
  await crdserver in_net "$TOOLS/kubectl" --kubeconfig "$run/kubeconfig" --request-timeout 30s get --raw /readyz || return
  export BYOK_TEST_CRDSERVER_KUBECONFIG=$run/kubeconfig
}
