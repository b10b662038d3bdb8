#!/usr/bin/env bash
# Makes a secret that you bring (BYOK), on Linux, in git-bash on Windows, and on macOS: needs bash 3.2, and openssl 1.1 or newer or LibreSSL 3.1.
set -euo pipefail

readonly ITERATIONS=600000
readonly HASH_OF_NOTHING="47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
case $(uname -s) in
  Darwin) newer_openssl="brew install openssl, and run this again" ;;
  MINGW* | MSYS*) newer_openssl="install Git for Windows, then run this in git-bash" ;;
  *) newer_openssl="install the package openssl, 1.1 or newer" ;;
esac
me=${0##*/}

# The first that can do what is asked for: the one named, the first on the path (LibreSSL on macOS unless changed), then those of Homebrew.
find_openssl() {
  local one found=''
  for one in "${OPENSSL:-}" openssl /opt/homebrew/opt/openssl/bin/openssl /usr/local/opt/openssl/bin/openssl; do
    if [ -n "$one" ] && command -v "$one" >/dev/null 2>&1; then
      found=${found:-$one}
      if is_able "$one"; then OPENSSL=$one; return 0; fi
    fi
  done
  [ -n "$found" ] || stop "openssl is missing: $newer_openssl"
  OPENSSL=$found
}

# LibreSSL knows the hash of OAEP from 3.1 on; macOS brought 2.8.3 before 12.3, and 3.3 or newer since.
is_able() {
  case $("$1" version) in 'LibreSSL '[0-2].* | 'LibreSSL 3.0'*) return 1 ;; esac
  [ -z "$backup" ] || printf x 2>/dev/null | "$1" enc -aes-256-cbc -md sha256 -pbkdf2 -iter 1 -pass pass:public >/dev/null 2>&1
}

usage() {
  cat <<TEXT
usage: ./$me PUBLIC_KEY [--out FILE] [--backup FILE [--password-file FILE]] [--legacy-sha1] [--force]

Makes a 256-bit secret, wraps it with the platform's PUBLIC_KEY (PEM: a public key or a certificate), writes
encrypted_secret.bin for the upload and prints the Key Hash that goes with it.

  --out FILE            write the wrapped secret to FILE, not to encrypted_secret.bin
  --backup FILE         keep the secret in FILE under a password too (AES-256-CBC, PBKDF2); to read it:
                        openssl enc -d -aes-256-cbc -pbkdf2 -iter $ITERATIONS -in FILE
  --password-file FILE  take the backup's password from the first line of FILE; asked for otherwise
  --legacy-sha1         wrap by OAEP with SHA-1: only for a key that says allowLegacyWrapping
  --force               replace the file of --out; a backup is never replaced
TEXT
}

say() { printf '%s\n' "$*" >&2; }
stop() { say "$me: $*"; exit 1; }
misused() { say "$me: $*"; usage >&2; exit 2; }

# ----- what is asked for
public='' out=encrypted_secret.bin backup='' password_file='' legacy=no force=no
while [ $# -gt 0 ]; do
  case $1 in
    --out | --backup | --password-file)
      [ $# -gt 1 ] || misused "$1 needs a file name"
      case $1 in --out) out=$2 ;; --backup) backup=$2 ;; *) password_file=$2 ;; esac
      shift
      ;;
    --legacy-sha1) legacy=yes ;;
    --force) force=yes ;;
    --help | -h) usage; exit 0 ;;
    -*) misused "$1 is no option" ;;
    *) [ -z "$public" ] || misused "one public key, please: $public or $1"; public=$1 ;;
  esac
  shift
done
[ -n "$public" ] || misused "the platform's public key is missing"
case $public$out$backup$password_file in -* | *$'\n'*) misused "a file name can't begin with - or hold a line end" ;; esac

# ----- can it be done? Everything that can be refused is refused before there is a secret.
find_openssl
[ -r "$public" ] || stop "$public can't be read: give the public key that you downloaded"
[ -s "$public" ] || stop "$public is empty: download the public key of your region anew"
if grep -q 'PRIVATE KEY-----' "$public"; then
  stop "$public holds a private key: give the public key, and keep that file to its owner"
elif grep -q 'BEGIN CERTIFICATE-----' "$public"; then
  form=-certin
  "$OPENSSL" x509 -in "$public" -noout -checkend 0 >/dev/null 2>&1 || stop "the certificate in $public has expired, or can't be read: download the one of your region anew"
  pem=$("$OPENSSL" x509 -in "$public" -noout -pubkey 2>/dev/null) || stop "$public is no readable certificate: download it anew"
elif grep -q 'BEGIN PUBLIC KEY-----' "$public"; then
  form=-pubin
  pem=$(cat "$public")
elif grep -q 'BEGIN RSA PUBLIC KEY-----' "$public"; then
  stop "$public is in the older PKCS#1 form; convert it by: openssl rsa -RSAPublicKey_in -in $public -pubout -out public.pem"
else
  stop "$public is not PEM (no BEGIN line); convert it by: openssl x509 -inform DER -in $public -out public.pem (a certificate) or openssl pkey -pubin -inform DER -in $public -pubout -out public.pem (a public key)"
fi
text=$(printf '%s\n' "$pem" 2>/dev/null | "$OPENSSL" pkey -pubin -noout -text 2>/dev/null) || stop "$public is no readable public key: download the one of your region anew"
case $text in *Modulus*) ;; *) stop "$public holds no RSA key: download the public key of your region anew" ;; esac
bits=$(printf '%s\n' "$text" | sed -n 's/.*Public-Key: (\([0-9][0-9]*\) bit.*/\1/p' | head -n 1)
[ "${bits:-0}" -ge 2048 ] || stop "$public holds an RSA key of ${bits:-unknown} bits: 2048 at least are needed; download the public key of your region anew"

if [ $legacy = yes ]; then digest=sha1; else digest=sha256; fi
wrap() {
  "$OPENSSL" pkeyutl -encrypt "$form" -inkey "$public" -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:$digest -pkeyopt rsa_mgf1_md:$digest
}
printf 'can it?' 2>/dev/null | wrap >/dev/null 2>&1 || stop "this openssl ($("$OPENSSL" version)) can't wrap by RSA-OAEP with $digest: $newer_openssl"

if [ -n "$backup" ]; then
  [ "$out" != "$backup" ] || misused "--out and --backup name the same file"
  [ ! -e "$backup" ] || stop "$backup exists already, and a backup is never replaced: choose another name"
  if [ -n "$password_file" ]; then
    [ -r "$password_file" ] || stop "$password_file can't be read"
    case $(head -n 1 "$password_file") in
      '') stop "the first line of $password_file is empty: put a long password there" ;;
      *$'\r') stop "the first line of $password_file ends with a carriage return, which openssl takes for a part of the password: save it with plain line ends" ;;
    esac
  else
    # Without a terminal openssl would read the password from its input, which is the secret.
    (: </dev/tty) 2>/dev/null || stop "there is no terminal to ask for the password on: give --password-file"
  fi
  printf 'can it?' 2>/dev/null | "$OPENSSL" enc -aes-256-cbc -md sha256 -pbkdf2 -iter 1 -pass pass:public >/dev/null 2>&1 \
    || stop "this openssl ($("$OPENSSL" version)) has no -pbkdf2, which a backup needs: $newer_openssl"
elif [ -n "$password_file" ]; then
  misused "--password-file goes with --backup"
fi
[ $force = yes ] || [ ! -e "$out" ] || stop "$out exists already: move it away, choose another name by --out, or give --force"

# ----- make, wrap, hash: the secret runs through pipes from openssl to openssl; it is in no file, variable or argument.
umask 077
part=$out.part.$$ backup_part=$backup.backup-part.$$
clean_up() { rm -f -- "$part"; [ -z "$backup" ] || rm -f -- "$backup_part"; }
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

keep() {
  if [ -z "$backup" ]; then
    cat >/dev/null
  elif [ -n "$password_file" ]; then
    "$OPENSSL" enc -aes-256-cbc -md sha256 -salt -pbkdf2 -iter $ITERATIONS -pass "file:$password_file" -out "$backup_part"
  else
    "$OPENSSL" enc -aes-256-cbc -md sha256 -salt -pbkdf2 -iter $ITERATIONS -out "$backup_part"
  fi
}

say "1/3 making a secret of 256 bits and wrapping it with RSA-$bits, OAEP $digest"
# fd 3 leads to the hash, fd 4 to the backup.
hash=$(
  {
    {
      "$OPENSSL" rand 32 | tee /dev/fd/3 /dev/fd/4 | wrap >"$part"
    } 4>&1 >/dev/null | keep
  } 3>&1 >/dev/null | "$OPENSSL" dgst -sha256 -binary | "$OPENSSL" base64 -A
) || stop "openssl failed; nothing was written"

size=$(wc -c <"$part" | tr -d ' ')
[ "$size" -eq $(((bits + 7) / 8)) ] || stop "the wrapped secret has $size bytes, not $(((bits + 7) / 8)); nothing was written"
[ ${#hash} -eq 44 ] && [ "$hash" != "$HASH_OF_NOTHING" ] || stop "openssl gave no hash; nothing was written"

if [ -n "$backup" ]; then
  [ "$(wc -c <"$backup_part" | tr -d ' ')" -eq 64 ] || stop "the backup is not whole; nothing was written"
  mv -- "$backup_part" "$backup"
  # By another path, maybe: what is moved there next would replace the only copy of the secret.
  [ ! "$out" -ef "$backup" ] || stop "--out and --backup name the same file: the backup was written, the wrapped secret was not"
  say "2/3 wrote the backup $backup; read it by: openssl enc -d -aes-256-cbc -pbkdf2 -iter $ITERATIONS -in $backup"
else
  say "2/3 made no backup: the same secret can't be brought again once the platform's wrapping key has changed (--backup FILE keeps it)"
fi
mv -f -- "$part" "$out"
say "3/3 wrote $out ($size bytes): upload it together with the key hash"
say "Key Hash:"
printf '%s\n' "$hash"
