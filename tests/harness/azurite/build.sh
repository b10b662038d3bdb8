#!/usr/bin/env bash
# build.sh FOLDER: Azurite, an imitation of Azure Storage in JavaScript, from npm below FOLDER. Newer ones want a newer node
# than Debian 12 has.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
. "$HARNESS/packages.sh"
command -v npm >/dev/null || host_packages nodejs npm
npm install --prefix "$1" --no-audit --no-fund --no-save --loglevel=error azurite@3.35.0
node "$1/node_modules/azurite/dist/src/blob/main.js" --version
