#!/usr/bin/env bash
# dockerfile.sh: builds the Dockerfile for this machine's architecture where no registry is at hand, and looks at what it made. Stand-ins made of
# Debian's packages and of this machine's SDK take the places of the images that build/images.env names; all else is what a release runs. As
# root, on Debian 12, with the way to Debian and NuGet open: some six minutes on two cores, 5 GB while it runs.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
. "$HARNESS/packages.sh"

readonly SDK_STAND_IN=localhost/sdk-stand-in:10.0 BASE_STAND_IN=localhost/runtime-deps-stand-in:10.0 BUILT=localhost/byok-operator:built
work=$(mktemp -d "${TMPDIR:-/tmp}/byok-dockerfile.XXXXXX")
trap 'engine rm --all --force >/dev/null 2>&1 || true; engine rmi --all --force >/dev/null 2>&1 || true; rm -rf --one-file-system "$work"' EXIT

engine() { CONTAINERS_CONF="$work/containers.conf" podman --root "$work/root" --runroot "$work/run" "$@"; }
# inside ARG...: the built image as a pod of the manifests runs it.
inside() { engine run --rm --network=host --read-only --cap-drop all --security-opt no-new-privileges "$@"; }

# sdk_stand_in: a fresh Debian with this machine's SDK; the Dockerfile installs the rest by itself.
sdk_stand_in() {
  local dotnet
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  debootstrap --variant=minbase --include=ca-certificates,libssl3,libstdc++6,zlib1g bookworm "$work/sdk" "$(debian_mirror)"
  mkdir -p "$work/sdk/usr/share/dotnet"
  cp -a "$dotnet/." "$work/sdk/usr/share/dotnet/"
  ln -s ../share/dotnet/dotnet "$work/sdk/usr/bin/dotnet"
  cp -L /etc/ssl/certs/ca-certificates.crt "$work/sdk/etc/ssl/certs/"
  tar -C "$work/sdk" -c . | engine import --change 'ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1' --change 'ENV DOTNET_CLI_TELEMETRY_OPTOUT=1' \
    --change "ENV NUGET_CERT_REVOCATION_MODE=${NUGET_CERT_REVOCATION_MODE:-online}" - "$SDK_STAND_IN"
  rm -rf "$work/sdk"
}

# base_stand_in: what runtime-deps chiseled-extra holds: the C library, OpenSSL, certificates, time zones, a user without rights, no program.
base_stand_in() {
  local root=$work/base
  mkdir -p "$work/debs" "$root"/etc/ssl/certs "$root/tmp"
  (cd "$work/debs" && apt-get download libc6 libgcc-s1 libssl3 libstdc++6 zlib1g tzdata base-files)
  unpack "$root" "$work/debs"
  rm -rf "$root"/{bin,sbin,usr/bin,usr/sbin,usr/share/doc,etc/update-motd.d}
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  echo 'app:x:1654:1654::/home/app:/bin/false' >"$root/etc/passwd"
  chmod 1777 "$root/tmp"
  tar -C "$root" -c . | engine import --change 'ENV APP_UID=1654' - "$BASE_STAND_IN"
}

# expect WHAT WANTED SEEN
expect() {
  [ "$2" = "$3" ] || fail "$1 is '$3', not '$2'"
  say "$1: $3"
}

host_packages debootstrap netavark podman runc
podman_settings "$work/tmp" >"$work/containers.conf"
{ sdk_stand_in && base_stand_in; } >"$work/stand-ins.log" 2>&1 || { tail -n 20 "$work/stand-ins.log"; fail "no stand-ins"; }
say "the stand-ins are made"
commit=$(git -C "$REPOSITORY" rev-parse HEAD)
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$REPOSITORY/Directory.Build.props")
# Of the commit, as a release's checkout is.
mkdir "$work/source"
git -C "$REPOSITORY" archive HEAD | tar -x -C "$work/source"
engine build --network=host --pull=never --build-arg SDK_IMAGE="$SDK_STAND_IN" --build-arg BASE_IMAGE="$BASE_STAND_IN" --build-arg SOURCE_REVISION="$commit" \
  --build-arg VERSION="$version" -t "$BUILT" "$work/source" >"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log"; fail "the Dockerfile does not build"; }
expect "its version" "$version (commit $commit)" "$(inside "$BUILT" version)"
expect "its first line of help" "Description:" "$(inside "$BUILT" run --help | sed -n 1p)"
expect "its user" 1654 "$(engine inspect "$BUILT" --format '{{.Config.User}}')"
expect "its command" "[/app/byok-operator] [run]" "$(engine inspect "$BUILT" --format '{{.Config.Entrypoint}} {{.Config.Cmd}}')"
engine export "$(engine create "$BUILT")" -o "$work/built.tar"
tar -tvf "$work/built.tar" >"$work/built.txt" 2>/dev/null
expect "its programs" "app/byok-operator" "$(awk '$1 ~ /^-..x/ && $NF !~ /\.so/ {print $NF}' "$work/built.txt" | paste -sd' ')"
expect "its licence" "-rw-r--r-- root/root" "$(awk '$NF == "app/LICENSE" {print $1, $2}' "$work/built.txt")"
expect "Berlin's time" "usr/share/zoneinfo/Europe/Berlin" "$(awk '{print $NF}' "$work/built.txt" | grep -x usr/share/zoneinfo/Europe/Berlin)"
say "its size: $(engine inspect "$BUILT" --format '{{.Size}}') bytes, of which the base $(engine inspect "$BASE_STAND_IN" --format '{{.Size}}') and the operator $(awk '$NF == "app/byok-operator" {print $3}' "$work/built.txt")"
