# image_archive ROOT REFERENCE OUT.tar [CONFIG]: a folder as a one-layer image in the format of `docker save`, with no daemon.
# CONFIG is the inside of the image's "config" object. Equal folders give equal images. Sourced.
image_archive() {
  local root=$1 reference=$2 out=$3 config=${4:-} work layer digest
  work=$(mktemp -d "${RUN:-/tmp}/image.XXXXXX")
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf "$work/layer.tar" -C "$root" .
  layer=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
  printf '{"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","config":{%s},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}' \
    "$config" "$layer" >"$work/config"
  digest=$(sha256sum "$work/config" | cut -d' ' -f1)
  mkdir "$work/$layer"
  mv "$work/layer.tar" "$work/$layer/layer.tar"
  mv "$work/config" "$work/$digest.json"
  printf '[{"Config":"%s.json","RepoTags":["%s"],"Layers":["%s/layer.tar"]}]' "$digest" "$reference" "$layer" >"$work/manifest.json"
  tar --owner=0 --group=0 --mtime=@0 -cf "$out" -C "$work" "$digest.json" "$layer/layer.tar" manifest.json
  rm -rf "$work"
}
