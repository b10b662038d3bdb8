#!/usr/bin/env bash
# Builds what a release consists of, into one folder, and prints what is to be signed. Equal sources give equal files: times are those of
# the commit, owners are nobody, and whatever is packed is packed in the order of names.
set -euo pipefail

usage() {
  cat <<'TEXT'
build/release.sh [--out DIR] [--binary PLATFORM=FILE]... [--no-image] [--no-sbom] [--no-charts]

  --out DIR                where everything goes (release/)
  --binary PLATFORM=FILE   takes this file instead of publishing for linux-amd64, linux-arm64, darwin-amd64, darwin-arm64 or windows-amd64;
                           where any is given, no other is published
  --no-image               leaves the image archive out: it needs docker buildx, and the digests in build/images.env
  --no-sbom                leaves the bill of materials out
  --no-charts              leaves the charts out: they need helm ($HELM names it)

For Linux the program is native; a compiler here makes no native code for macOS and Windows, so theirs brings its runtime along in its one file.

HOMEPAGE is where the krew manifest says that the archives are.
TEXT
}

# What there is an archive for, with the SDK's name of it.
declare -rA rids=([linux-amd64]=linux-x64 [linux-arm64]=linux-arm64 [darwin-amd64]=osx-x64 [darwin-arm64]=osx-arm64 [windows-amd64]=win-x64)

# sorted NAME...: one a line.
sorted() { printf '%s\n' "$@" | sort; }

out=release image=true sbom=true charts=true
declare -A binaries=()
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=${2:?--out needs a folder}; shift ;;
    --binary) [[ ${2:-} =~ ^([a-z0-9-]+)=(.+)$ && -n ${rids[${BASH_REMATCH[1]}]:-} ]] \
        || { echo "release: --binary is '${2:-}': give PLATFORM=FILE with one of $(sorted "${!rids[@]}" | paste -sd' ')" >&2; exit 2; }
      [ -f "${2#*=}" ] || { echo "release: there is no file '${2#*=}'" >&2; exit 2; }
      binaries[${2%%=*}]=$(realpath "${2#*=}"); shift ;;
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

# named NAME PLATFORM: the program's file name there.
named() { case $2 in windows-*) echo "$1.exe" ;; *) echo "$1" ;; esac; }

# publish PLATFORM: one file, whatever the platform; anything beside it would be missing from the archives.
publish() {
  local platform=$1 made
  dotnet publish operator/ByokOperator -c Release -r "${rids[$platform]}" -p:SourceRevisionId="$commit" --artifacts-path "$work/obj-$platform" -o "$work/$platform" --nologo -v q
  made=$(ls "$work/$platform")
  [ "$made" = "$(named byok-operator "$platform")" ] || fail "publishing for $platform made more than one file: ${made//$'\n'/ }"
  binaries[$platform]=$work/$platform/$made
}

if [ ${#binaries[@]} -eq 0 ]; then
  need dotnet "see global.json for its version"
  for platform in $(sorted "${!rids[@]}"); do
    say "publishing for $platform"
    publish "$platform"
  done
fi

# The program, and the same under the name by which kubectl finds its plugins.
for platform in $(sorted "${!binaries[@]}"); do
  for name in byok-operator kubectl-byok; do
    mkdir -p "$work/$name-$platform"
    cp "${binaries[$platform]}" "$work/$name-$platform/$(named "$name" "$platform")"
    chmod 755 "$work/$name-$platform/$(named "$name" "$platform")"
    cp LICENSE "$work/$name-$platform/"
    packed "$work/$name-$platform" "$out/$name-$version-$platform.tar.gz"
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
  for platform in $(sorted "${!binaries[@]}"); do
    archive=kubectl-byok-$version-$platform.tar.gz
    cat <<TEXT
    - selector:
        matchLabels: {os: ${platform%-*}, arch: ${platform#*-}}
      uri: $homepage/releases/download/v$version/$archive
      sha256: $(sha256sum "$out/$archive" | cut -d' ' -f1)
      bin: $(named kubectl-byok "$platform")
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
