# The control plane: etcd, API server, controllers and scheduler. Sourced; needs lib.sh, network.sh, $RUN, $KUBERNETES
# (the folder with the binaries) and $TOOLS. Ports are the usual ones: the namespace has nobody else in it.

readonly NODE_NAME=node

# kube ARG...: kubectl as the cluster's administrator.
kube() { in_net "$TOOLS/kubectl" --kubeconfig "$RUN/kubernetes/admin.conf" --request-timeout 60s "$@"; }

# kubernetes_certificates: an authority, one certificate for each server and one kubeconfig for each client.
kubernetes_certificates() {
  local client=extendedKeyUsage=clientAuth server=extendedKeyUsage=serverAuth names user
  names="DNS:localhost,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:$API_ADDRESS,IP:$NODE_ADDRESS"
  mkdir -p "$RUN/kubernetes/pki"
  (
    cd "$RUN/kubernetes/pki"
    authority
    openssl genrsa -out sa.key 2048
    openssl rsa -in sa.key -pubout -out sa.pub
    certificate apiserver /CN=kube-apiserver "$server\nsubjectAltName=$names"
    certificate kubelet-server "/O=system:nodes/CN=system:node:$NODE_NAME" "$server\nsubjectAltName=IP:$NODE_ADDRESS"
    certificate apiserver-kubelet /O=system:masters/CN=kube-apiserver-kubelet-client "$client"
    certificate admin /O=system:masters/CN=admin "$client"
    certificate controllers /CN=system:kube-controller-manager "$client"
    certificate scheduler /CN=system:kube-scheduler "$client"
    certificate kubelet "/O=system:nodes/CN=system:node:$NODE_NAME" "$client"
  ) >"$ARTIFACTS/kubernetes-pki.log" 2>&1
  for user in admin controllers scheduler kubelet; do
    kubeconfig "$RUN/kubernetes/$user.conf" 443 "$RUN/kubernetes/pki" "$user"
  done
}

# control_up: until the default service account has its token, which is when Jobs can start.
control_up() {
  local run=$RUN/kubernetes pki=$RUN/kubernetes/pki
  start etcd etcd --name tests --data-dir "$run/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 \
    --initial-cluster tests=http://127.0.0.1:2380
  audit_policy >"$run/audit-policy.yaml"
  start apiserver "$KUBERNETES/kube-apiserver" --audit-policy-file="$run/audit-policy.yaml" --audit-log-path="$(audit_log)" --etcd-servers=http://127.0.0.1:2379 --cert-dir="$run" \
    --secure-port=443 --bind-address=0.0.0.0 --advertise-address="$NODE_ADDRESS" --service-cluster-ip-range=10.196.0.0/24 \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --anonymous-auth=false --allow-privileged=true \
    --client-ca-file="$pki/ca.crt" --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
    --kubelet-certificate-authority="$pki/ca.crt" --kubelet-preferred-address-types=InternalIP \
    --kubelet-client-certificate="$pki/apiserver-kubelet.crt" --kubelet-client-key="$pki/apiserver-kubelet.key" \
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$pki/sa.pub" \
    --service-account-signing-key-file="$pki/sa.key"
  await apiserver kube get --raw /readyz || return
  start controllers "$KUBERNETES/kube-controller-manager" --kubeconfig="$run/controllers.conf" --cert-dir="$run" \
    --authentication-kubeconfig="$run/controllers.conf" --authorization-kubeconfig="$run/controllers.conf" \
    --bind-address=127.0.0.1 --port=0 --leader-elect=false --use-service-account-credentials=true \
    --service-account-private-key-file="$pki/sa.key" --root-ca-file="$pki/ca.crt" \
    --controllers='*,-ttl,-cloud-node-lifecycle,-service,-route'
  start scheduler "$KUBERNETES/kube-scheduler" --kubeconfig="$run/scheduler.conf" --cert-dir="$run" \
    --authentication-kubeconfig="$run/scheduler.conf" --authorization-kubeconfig="$run/scheduler.conf" \
    --bind-address=127.0.0.1 --port=0 --leader-elect=false
  await controllers has_token
}

# audit_log: what our accounts asked for, and who took rights away meanwhile; whole: nothing of it is thrown away while the run lasts.
audit_log() { echo "$RUN/kubernetes/audit/requests.log"; }

audit_policy() {
  mkdir -p "$RUN/kubernetes/audit"
  cat <<YAML
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
  - level: Metadata
    userGroups: ["system:serviceaccounts:byok-system", "system:serviceaccounts:byok-import"]
  - level: Metadata
    verbs: [delete]
    resources: [{group: rbac.authorization.k8s.io}]
  - level: None
YAML
}

has_token() { kube -n default get serviceaccount default -o 'jsonpath={.secrets[0].name}' | grep -q .; }
