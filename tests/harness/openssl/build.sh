#!/usr/bin/env bash
# build.sh FOLDER: FOLDER/bin/openssl-SUITE for each suite of Debian: bullseye's OpenSSL 1.1, sid's newest.
# A suite that the mirror no longer has is left out: the scripts are then tested with one openssl fewer.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
. "$HARNESS/packages.sh"
folder=$1
mkdir -p "$folder/bin"
for suite in bullseye sid; do
  work=$folder/work-$suite root=$folder/$suite
  if suite_apt "$suite" "$work" install -y --download-only --no-install-recommends openssl; then
    unpack "$root" "$work/apt/cache/archives"
    # Its own loader and libc too: sid's openssl asks for a newer libc than the host's.
    cat >"$folder/bin/openssl-$suite" <<SH
#!/bin/sh
exec $(find "$root" -name 'ld-linux-*.so.*' | head -n 1) --library-path $(find "$root" -name 'libc.so.6' -printf '%h\n' | head -n 1):$(find "$root" -name 'libcrypto.so.*' -printf '%h\n' | head -n 1) $root/usr/bin/openssl "\$@"
SH
    chmod +x "$folder/bin/openssl-$suite"
    "$folder/bin/openssl-$suite" version || rm "$folder/bin/openssl-$suite"
  fi
  rm -rf "$work"
done
