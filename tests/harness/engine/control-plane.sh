#!/bin/sh
# In the container that stands in for k3s: etcd, API server and controllers, with a kubeconfig where k3s has its own and the line that says
# that it is ready. There is no node, so that no pod ever runs. It ends with the first of its servers.
set -eu
# The first process of a container ignores what it doesn't ask for.
trap 'exit 0' TERM
etcd --name tests --data-dir /run/etcd --unsafe-no-fsync --log-level warn \
  --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
  --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 \
  --initial-cluster tests=http://127.0.0.1:2380 &
etcd=$!
kube-apiserver --etcd-servers=http://127.0.0.1:2379 --cert-dir=/run --secure-port=6443 --bind-address=0.0.0.0 \
  --service-cluster-ip-range=10.198.0.0/24 --authorization-mode=Node,RBAC --anonymous-auth=false \
  --client-ca-file=/pki/ca.crt --tls-cert-file=/pki/apiserver.crt --tls-private-key-file=/pki/apiserver.key \
  --service-account-issuer=https://kubernetes.default.svc --service-account-key-file=/pki/sa.pub \
  --service-account-signing-key-file=/pki/sa.key &
apiserver=$!
kube() { kubectl --kubeconfig /etc/admin.conf --request-timeout 60s "$@" 2>/dev/null; }
alive() { kill -0 "$etcd" && kill -0 "$apiserver"; }
until kube get --raw /readyz >/dev/null; do alive; sleep 0.2; done
kube-controller-manager --kubeconfig=/etc/controllers.conf --authentication-kubeconfig=/etc/controllers.conf \
  --authorization-kubeconfig=/etc/controllers.conf --cert-dir=/run --bind-address=127.0.0.1 --port=0 --leader-elect=false \
  --use-service-account-credentials=true --service-account-private-key-file=/pki/sa.key --root-ca-file=/pki/ca.crt \
  --controllers='*,-ttl,-cloud-node-lifecycle,-service,-route' &
until [ -n "$(kube -n default get serviceaccount default -o 'jsonpath={.secrets[0].name}')" ]; do alive; sleep 0.2; done
mkdir -p /etc/rancher/k3s
cp /etc/admin.conf /etc/rancher/k3s/k3s.yaml
echo "no node here, and whoever waits for k3s reads: Node controller sync successful"
while alive; do sleep 1; done
