# The operator's image for the cluster of the tests: a self-contained publish with the few libraries it needs, because no
# registry is at hand to build the real Dockerfile from. Sourced; needs lib.sh, archive.sh, $RUN and $ARTIFACTS.

readonly OPERATOR_IMAGE=localhost/byok-operator:test
# The number that Microsoft's images give to their user without rights.
readonly OPERATOR_USER=1654

# operator_publish: with its intermediate files apart from the solution's, so that neither spoils the other's build; what the
# analysers say of these sources, they say when the solution is built.
operator_publish() {
  dotnet publish "$REPOSITORY/operator/ByokOperator/ByokOperator.csproj" -c Release -r linux-x64 --self-contained \
    -p:PublishReadyToRun=true -p:RunAnalyzers=false --artifacts-path "$HARNESS/obj" -o "$ARTIFACTS/operator" --nologo -v q >"$ARTIFACTS/publish.log" 2>&1 \
    || { tail -n 30 "$ARTIFACTS/publish.log"; fail "the operator does not publish"; }
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

# operator_place: where replicas that tests start find what was published, apart from the logs.
operator_place() {
  [ -x "$ARTIFACTS/operator/byok-operator" ] || return 0
  export BYOK_OPERATOR_PLACE=$(mktemp -d "${TMPDIR:-/tmp}/byok-operator.XXXXXX")
  mv "$ARTIFACTS/operator" "$BYOK_OPERATOR_PLACE/app"
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
  libraries "$root" "$root/app/byok-operator" "$root"/app/*.so
  echo "operator:x:$OPERATOR_USER:$OPERATOR_USER::/tmp:/sbin/nologin" >"$root/etc/passwd"
  image_archive "$root" "$OPERATOR_IMAGE" "$root.tar" "\"User\":\"$OPERATOR_USER\",\"Entrypoint\":[\"/app/byok-operator\"]"
  containers images import "$root.tar" >/dev/null || return
  rm -rf "$root" "$root.tar"
}
