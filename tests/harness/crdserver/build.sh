#!/usr/bin/env bash
# build.sh FOLDER: crdserver, policy, etcd and kubectl in FOLDER/bin, from sid's packages alone; nothing is installed.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
. "$HARNESS/packages.sh"
folder=$1 here=$HARNESS/crdserver work=$1/work

mkdir -p "$folder/bin" "$work/debs"
cd "$work/debs"
mapfile -t packages <"$here/packages.txt"
sid_apt "$work" download "${packages[@]}"
unpack "$work/root" "$work/debs"
cp "$work/root/usr/bin/etcd" "$work/root/usr/bin/kubectl" "$folder/bin/"

# The libraries lie in Debian's GOPATH tree, so module mode has nothing to say here.
export GO111MODULE=off GOPATH=$work/root/usr/share/gocode GOROOT=$work/root/usr/lib/go-1.27 GOTOOLCHAIN=local
export GOCACHE=$work/gocache GOFLAGS= GOPROXY=off CGO_ENABLED=0
version=k8s.io/component-base/version
"$GOROOT/bin/go" build -trimpath -o "$folder/bin/crdserver" \
  -ldflags "-s -w -X $version.gitVersion=v1.36.4 -X $version.gitMajor=1 -X $version.gitMinor=36" "$here/main.go"
"$GOROOT/bin/go" build -trimpath -ldflags "-s -w" -o "$folder/bin/policy" "$here/policy.go"
rm -rf "$work"
