# Debian packages: installed where the host's own release has them, unpacked beside it where only sid has. Needs lib.sh.

# host_packages PACKAGE...: installs those that are missing; none of the services they carry is started. One caller at a time, as apt
# has it.
host_packages() (
  missing=() policy=/usr/sbin/policy-rc.d
  mkdir -p "$BYOK_CACHE"
  exec 8>"$BYOK_CACHE/packages.lock"
  flock 8
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || exit 0
  say "installing ${missing[*]}"
  [ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy && trap "rm -f $policy" EXIT; }
  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" 8>&-
)

# debian_mirror: the mirror that this machine's apt already uses.
debian_mirror() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' | awk '$2 == "bookworm" {print $1; exit}'
}

# sid_apt FOLDER ARG...: apt-get on sid alone. A mirror frozen at some date is as good as a fresh one.
sid_apt() { suite_apt sid "$@"; }

# suite_apt SUITE FOLDER ARG...: apt-get on that suite alone, with all that it knows and keeps under FOLDER and no package
# taken as installed. The host's apt and dpkg never know.
suite_apt() {
  local suite=$1 folder=$2
  shift 2
  if [ ! -e "$folder/apt/apt.conf" ]; then
    mkdir -p "$folder"/apt/lists/partial "$folder"/apt/cache/archives/partial
    : >"$folder/apt/status"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(debian_mirror) $suite main" >"$folder/apt/sources.list"
    cat >"$folder/apt/apt.conf" <<CONF
Dir::State "$folder/apt"; Dir::State::status "$folder/apt/status"; Dir::State::lists "$folder/apt/lists";
Dir::Cache "$folder/apt/cache"; Dir::Etc::sourcelist "$folder/apt/sources.list"; Dir::Etc::sourceparts "/dev/null";
Dir::Etc::parts "/dev/null"; Dir::Etc::preferences "/dev/null"; Dir::Etc::preferencesparts "/dev/null";
Acquire::Languages "none"; Acquire::Retries "3"; Acquire::Check-Valid-Until "false"; APT::Sandbox::User "root";
CONF
    APT_CONFIG=$folder/apt/apt.conf apt-get -qq update
  fi
  APT_CONFIG=$folder/apt/apt.conf apt-get -qq "$@"
}

# unpack ROOT FOLDER: the content of every package file in FOLDER, with none of the scripts that they carry.
unpack() {
  local deb
  mkdir -p "$1"
  for deb in "$2"/*.deb; do dpkg -x "$deb" "$1"; done
}
