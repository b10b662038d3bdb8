#!/usr/bin/env bash
# build.sh FOLDER: Kubernetes 1.20.2's servers and a pause program in FOLDER/bin, from Debian 12's source package.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
. "$HARNESS/packages.sh"
folder=$1 work=$1/work
readonly SOURCE=1.20.5+really1.20.2 REVISION=-1.1+deb12u1
readonly COMMIT=faecb196815e248d3ecfb03c680a4507229c2a56

# fetch: the source package, by apt lines of our own, because a machine's apt seldom has deb-src ones.
fetch() {
  mkdir -p "$work"/apt/lists/partial "$work"/apt/cache/archives/partial "$work/gopath/src/k8s.io"
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' \
    | awk '$2 ~ /^bookworm(-security|-updates)?$/' | sort -u | while read -r uri suite; do
      echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main"
    done >"$work/apt/sources.list"
  local apt=(apt-get -qq -o "Dir::Etc::SourceList=$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$work/apt/lists" -o "Dir::Cache=$work/apt/cache" -o APT::Sandbox::User=root
    -o Acquire::Check-Valid-Until=false -o Acquire::Retries=3)
  "${apt[@]}" update
  (cd "$work/gopath/src/k8s.io" && "${apt[@]}" source --only-source "kubernetes=$SOURCE$REVISION" && mv "kubernetes-$SOURCE" kubernetes)
}

# generate_openapi: the one generated file that upstream does not keep in its tree.
generate_openapi() {
  local inputs
  go build -trimpath -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  inputs=$( { find cmd pkg plugin -name '*.go'; find -L vendor/k8s.io -name '*.go'; } \
    | grep -v -e /testdata/ -e '^vendor/k8s.io/code-generator/' -e '^vendor/k8s.io/sample-apiserver/' \
    | xargs grep -l '^// *+k8s:openapi-gen=' | xargs -n1 dirname | LC_ALL=C sort -u | sed 's#^#k8s.io/kubernetes/#' | paste -sd,)
  "$work/openapi-gen" --logtostderr -i "$inputs" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
    -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r "$work/violations"
  cmp "$work/violations" api/api-rules/violation_exceptions.list
}

# version_flags: what the servers say of themselves; in GOPATH mode the variables carry the vendor path.
version_flags() {
  local package
  for package in component-base/version client-go/pkg/version; do
    package=k8s.io/kubernetes/vendor/k8s.io/$package
    printf -- '-X %s.gitVersion=v1.20.2 -X %s.gitMajor=1 -X %s.gitMinor=20 ' "$package" "$package" "$package"
    printf -- '-X %s.gitTreeState=archive -X %s.gitCommit=%s -X %s.buildDate=2021-01-13T13:20:00Z ' \
      "$package" "$package" "$COMMIT" "$package"
  done
}

host_packages ca-certificates dpkg-dev golang-1.19-go golang-github-modern-go-reflect2-dev
fetch
mkdir -p "$folder/bin"
# The source has no module file that still resolves, so GOPATH mode; no cgo, so no compiler is needed.
export PATH=/usr/lib/go-1.19/bin:$PATH GOPATH=$work/gopath GOCACHE=$work/gocache GO111MODULE=off GOFLAGS= CGO_ENABLED=0
cd "$GOPATH/src/k8s.io/kubernetes"
# The vendored reflect2 walks maps in a way that crashes under Go 1.18 and later; Debian's is mended.
rm -rf vendor/github.com/modern-go/reflect2
cp -r /usr/share/gocode/src/github.com/modern-go/reflect2 vendor/github.com/modern-go/
# The vendored validator takes an empty string for null where both share one address, as under Go 1.18 and later.
validator=vendor/k8s.io/kube-openapi/pkg/validation/validate/type.go
sed -i 's/if data == nil || reflect.DeepEqual(reflect.Zero.*{$/if data == nil {/' $validator
grep -q 'if data == nil {' $validator
generate_openapi
go build -trimpath -ldflags "-s -w" -o "$folder/bin/pause" "$HARNESS/kubernetes/pause.go"
for server in kube-apiserver kube-controller-manager kube-scheduler kubelet; do
  # Without the cloud providers the programs are half as large.
  go build -trimpath -tags providerless -ldflags "-s -w $(version_flags)" -o "$folder/bin/$server" "./cmd/$server"
  say "built $server"
done
rm -rf "$work"
