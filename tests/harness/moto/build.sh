#!/usr/bin/env bash
# build.sh FOLDER: moto, a Python imitation of AWS, with sid's Python below FOLDER/root, to be run by chroot.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
. "$HARNESS/packages.sh"
folder=$1 work=$1/work

# With nothing taken as installed, apt downloads the packages with all that they need.
sid_apt "$work" install -y --download-only --no-install-recommends base-files python3-moto python3-flask python3-flask-cors
unpack "$folder/root" "$work/apt/cache/archives"
rm -rf "$work"
mkdir -p "$folder/root/tmp" "$folder/root/proc" "$folder/root/dev"
# Compiled once here, not at each start. What does not compile is not ours to mend.
chroot "$folder/root" /usr/bin/python3 -m compileall -q /usr/lib/python3/dist-packages >/dev/null || true
chroot "$folder/root" /usr/bin/python3 -c 'import moto.server'
