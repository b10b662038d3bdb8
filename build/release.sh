#!/usr/bin/env bash
# Builds what a release consists of, into one folder, and prints what is to be signed. Equal sources give equal files: times are those of
# the commit, owners are nobody, and whatever is packed is packed in the order of names.
set -euo pipefail

usage() {
  cat <<'TEXT'
build/release.sh [--out DIR] [--binary ARCH=FILE]... [--no-image] [--no-sbom] [--no-charts]

  --out DIR            where everything goes (release/)
  --binary ARCH=FILE   takes this file instead of publishing for amd64 or arm64; where any is given, no other is published
  --no-image           leaves the image archive out: it needs docker buildx, and the digests in build/images.env
  --no-sbom            leaves the bill of materials out
  --no-charts          leaves the charts out: they need helm ($HELM names it)

HOMEPAGE is where the krew manifest says that the archives are.
TEXT
}

out=release image=true sbom=true charts=true
declare -A binaries=()
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=${2:?--out needs a folder}; shift ;;
    --binary) [[ ${2:-} =~ ^(amd64|arm64)=(.+)$ ]] || { echo "release: --binary is '${2:-}': give amd64=FILE or arm64=FILE" >&2; exit 2; }
      [ -f "${BASH_REMATCH[2]}" ] || { echo "release: there is no file '${BASH_REMATCH[2]}'" >&2; exit 2; }
      binaries[${BASH_REMATCH[1]}]=$(realpath "${BASH_REMATCH[2]}"); shift ;;
    --no-image) image=false ;;
    --no-sbom) sbom=false ;;
    --no-charts) charts=false ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

say() { printf 'release: %s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || fail "$1 is not there: $2"; }

mkdir -p "$out"
out=$(realpath "$out")
cd "$(dirname "$0")/.."
. build/images.env
homepage=${HOMEPAGE:-https://github.com/your-org/byok-operator}
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
commit=$(git rev-parse HEAD)
[ -z "$(git status --porcelain)" ] || say "the checkout is not clean: what is built here is not the commit $commit"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
work=$(mktemp -d "${TMPDIR:-/tmp}/byok-release.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT

# packed FOLDER OUT.tar.gz: everything in the folder, by names that don't begin with a dot: helm knows no others.
packed() {
  (cd "$1" && tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --mode='u+rwX,go+rX,go-w' -cf - -- *) | gzip -n9 >"$2"
}

rid_of() { case $1 in amd64) echo linux-x64 ;; arm64) echo linux-arm64 ;; esac; }

publish() {
  local arch=$1
  dotnet publish operator/ByokOperator -c Release -r "$(rid_of "$arch")" -p:SourceRevisionId="$commit" --artifacts-path "$work/obj-$arch" -o "$work/$arch" --nologo -v q
  binaries[$arch]=$work/$arch/byok-operator
}

if [ ${#binaries[@]} -eq 0 ]; then
  need dotnet "see global.json for its version"
  for arch in amd64 arm64; do
    say "publishing for linux/$arch"
    publish "$arch"
  done
fi

# The program, and the same under the name by which kubectl finds its plugins.
for arch in $(printf '%s\n' "${!binaries[@]}" | sort); do
  for name in byok-operator kubectl-byok; do
    mkdir -p "$work/$name-$arch"
    cp "${binaries[$arch]}" "$work/$name-$arch/$name"
    chmod 755 "$work/$name-$arch/$name"
    cp LICENSE "$work/$name-$arch/"
    packed "$work/$name-$arch" "$out/$name-$version-linux-$arch.tar.gz"
  done
done

{
  cat <<TEXT
apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: byok
spec:
  version: v$version
  homepage: $homepage
  shortDescription: Tenants' keys and encrypted stores
  description: |
    Shows tenants, keys and stores as a tree with what helps, proves a key, prints and verifies
    reports, and revokes by the declared field.
  platforms:
TEXT
  for arch in $(printf '%s\n' "${!binaries[@]}" | sort); do
    archive=kubectl-byok-$version-linux-$arch.tar.gz
    cat <<TEXT
    - selector:
        matchLabels: {os: linux, arch: $arch}
      uri: $homepage/releases/download/v$version/$archive
      sha256: $(sha256sum "$out/$archive" | cut -d' ' -f1)
      bin: kubectl-byok
TEXT
  done
} >"$out/byok.yaml"

if $charts; then
  helm=${HELM:-helm}
  need "$helm" "HELM names it; --no-charts leaves the charts out"
  for chart in byok-operator byok-tenants; do
    "$helm" package "charts/$chart" --destination "$work" >/dev/null
    mkdir "$work/$chart-chart"
    tar -xzf "$work/$chart-$version.tgz" -C "$work/$chart-chart" || fail "the chart $chart is not of version $version"
    packed "$work/$chart-chart" "$out/$chart-$version.tgz"
  done
fi

if $sbom; then
  need dotnet "--no-sbom leaves the bill of materials out"
  need jq "it gives the bill of materials the commit's time"
  (
    cd build # where the tool's version stands
    dotnet tool restore
    dotnet tool run dotnet-CycloneDX ../operator/ByokOperator/ByokOperator.csproj -rs -ipr -ns -F Json -sn byok-operator -sv "$version" -o "$work" -fn bom.json
  ) >"$work/sbom.log" 2>&1 || { tail -n 20 "$work/sbom.log" >&2; fail "no bill of materials was made"; }
  jq --sort-keys --arg at "$(date -u -d "@$SOURCE_DATE_EPOCH" +%FT%TZ)" '.metadata.timestamp = $at' "$work/bom.json" >"$out/byok-operator-$version.cdx.json"
fi

if $image; then
  need docker "--no-image leaves the image out"
  [[ $SDK_IMAGE == *@sha256:* && $BASE_IMAGE == *@sha256:* ]] \
    || fail "build/images.env names base images by tag: a release names them by digest. docker buildx imagetools inspect $BASE_IMAGE prints it; --no-image leaves the image out"
  docker buildx build . --platform linux/amd64,linux/arm64 --provenance=false \
    --build-arg SDK_IMAGE="$SDK_IMAGE" --build-arg BASE_IMAGE="$BASE_IMAGE" --build-arg VERSION="$version" --build-arg SOURCE_REVISION="$commit" --build-arg SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" \
    --output "type=oci,dest=$out/byok-operator-$version.oci.tar,rewrite-timestamp=true"
fi

(cd "$out" && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\n' | sort | xargs sha256sum >SHA256SUMS)
say "built $version of $commit:"
cat "$out/SHA256SUMS"
say "to be signed, by whoever releases:"
echo "  cosign sign-blob --yes --bundle SHA256SUMS.sigstore.json SHA256SUMS"
! $sbom || echo "  cosign attest --yes --type cyclonedx --predicate byok-operator-$version.cdx.json IMAGE@DIGEST"
! $image || echo "  cosign sign --yes IMAGE@DIGEST    # where byok-operator-$version.oci.tar was pushed to"
! $charts || echo "  cosign sign --yes REGISTRY/charts/byok-operator@DIGEST REGISTRY/charts/byok-tenants@DIGEST"
