# The operator's image for the cluster of the tests: the native file with the few libraries it needs, because no registry is at hand to
# build the real Dockerfile from. Sourced; needs lib.sh, archive.sh, $RUN and $ARTIFACTS.

readonly OPERATOR_IMAGE=localhost/byok-operator:test
# The number that Microsoft's images give to their user without rights.
readonly OPERATOR_USER=1654

# operator_sources: all that the published file is made from, but for the SDK.
operator_sources() {
  find "$REPOSITORY/operator" \( -name bin -o -name obj \) -prune -o -type f -print | sort
  printf '%s\n' "$REPOSITORY"/{Directory.Build.props,Directory.Packages.props,global.json}
}

# operator_named: what names it in the cache: the SDK brings the runtime that is compiled in.
operator_named() { echo "operator-$(cd "$REPOSITORY" && dotnet --version)"; }

# operator_publish: once for the same sources. It takes minutes of both cores, and what it made is kept for a week.
operator_publish() {
  local sources
  mapfile -t sources < <(operator_sources)
  find "$BYOK_CACHE" -maxdepth 1 -name 'operator-*' -mtime +7 -exec rm -rf --one-file-system {} + 2>/dev/null
  build_once "$(operator_named)" "$HARNESS/images/publish.sh" "${sources[@]}"
}

# libraries OUT PROGRAM...: what these programs link, and OpenSSL, which the runtime opens by name.
libraries() {
  local out=$1 ssl
  shift
  mkdir -p "$out/lib/x86_64-linux-gnu" "$out/lib64"
  ssl=$(ldconfig -p | awk '/lib(ssl|crypto)\.so\.3 .*x86-64/ {print $NF}')
  { for program in "$@" $ssl; do ldd "$program"; done | awk '/=> \// {print $3}'; echo "$ssl"; } | sort -u \
    | xargs cp -Lt "$out/lib/x86_64-linux-gnu/"
  cp -L /lib64/ld-linux-x86-64.so.2 "$out/lib64/"
}

# operator_place: where replicas that tests start find what was published, apart from the cache.
operator_place() {
  local sources published
  mapfile -t sources < <(operator_sources)
  published=$(cached "$(operator_named)" "$HARNESS/images/publish.sh" "${sources[@]}")
  [ -e "$published/complete" ] || return 0
  export BYOK_OPERATOR_PLACE=$(mktemp -d "${TMPDIR:-/tmp}/byok-operator.XXXXXX")
  mkdir "$BYOK_OPERATOR_PLACE/app"
  cp "$published/byok-operator" "$BYOK_OPERATOR_PLACE/app/"
  chmod -R a+rX "$BYOK_OPERATOR_PLACE"
  export BYOK_TEST_OPERATOR=$BYOK_OPERATOR_PLACE/app/byok-operator
}

# operator_away: what operator_place made.
operator_away() { [ -z "${BYOK_OPERATOR_PLACE:-}" ] || rm -rf --one-file-system "$BYOK_OPERATOR_PLACE"; }

# operator_image_import: packs what was published and loads it into the node.
operator_image_import() {
  local root=$RUN/image/operator
  [ -n "${BYOK_OPERATOR_PLACE:-}" ] || fail "the operator was not published" || return
  mkdir -p "$root/tmp" "$root/etc"
  chmod 1777 "$root/tmp"
  cp -a "$BYOK_OPERATOR_PLACE/app" "$root/app"
  libraries "$root" "$root/app/byok-operator"
  echo "operator:x:$OPERATOR_USER:$OPERATOR_USER::/tmp:/sbin/nologin" >"$root/etc/passwd"
  image_archive "$root" "$OPERATOR_IMAGE" "$root.tar" "\"User\":\"$OPERATOR_USER\",\"Entrypoint\":[\"/app/byok-operator\"]"
  containers images import "$root.tar" >/dev/null || return
  rm -rf "$root" "$root.tar"
}
