#!/usr/bin/env bash
# build.sh FOLDER: the reader of Terraform's files and what it imports, as the lock file pins it; no package's script is run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cp "$here/package.json" "$here/package-lock.json" "$here/parse.mjs" "$1"
cd "$1"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
node parse.mjs </dev/null
