#!/usr/bin/env bash
# Makes an RSA key that you bring (BYOK) into an Azure vault, on Linux, macOS and git-bash: needs bash 3.2 and openssl 3.
set -euo pipefail

readonly ITERATIONS=600000
readonly WRAP_IV=A65959A6 # RFC 5649 has no other
me=${0##*/}

usage() {
  cat <<TEXT
usage: ./$me PUBLIC_KEY [--bits 2048|3072|4096] [--out FILE] [--backup FILE --password-file FILE] [--force]

Makes an RSA key, wraps it by CKM_RSA_AES_KEY_WRAP with the platform's PUBLIC_KEY (PEM: a public key or a certificate), writes
encrypted_secret.bin for the upload and prints the Key Hash that goes with it.

  --bits N              size of the key: 3072 where it is left out
  --out FILE            write the wrapped key to FILE, not to encrypted_secret.bin
  --backup FILE         keep the key in FILE under a password too (PKCS#8, PEM); to read it: openssl pkey -in FILE
  --password-file FILE  the first line of FILE is the backup's password
  --force               replace the file of --out; a backup is never replaced
TEXT
}

say() { printf '%s\n' "$*" >&2; }
stop() { say "$me: $*"; exit 1; }
misused() { say "$me: $*"; usage >&2; exit 2; }

# ----- what is asked for
public='' bits=3072 out=encrypted_secret.bin backup='' password_file='' force=no
while [ $# -gt 0 ]; do
  case $1 in
    --bits | --out | --backup | --password-file)
      [ $# -gt 1 ] || misused "$1 needs a value"
      case $1 in --bits) bits=$2 ;; --out) out=$2 ;; --backup) backup=$2 ;; *) password_file=$2 ;; esac
      shift
      ;;
    --force) force=yes ;;
    --help | -h) usage; exit 0 ;;
    -*) misused "$1 is no option" ;;
    *) [ -z "$public" ] || misused "one public key, please: $public or $1"; public=$1 ;;
  esac
  shift
done
[ -n "$public" ] || misused "the platform's public key is missing"
case $public$out$backup$password_file in -* | *$'\n'*) misused "a file name can't begin with - or hold a line end" ;; esac
case $bits in 2048 | 3072 | 4096) ;; *) misused "--bits $bits: storage accounts take RSA keys of 2048, 3072 or 4096 bits" ;; esac
[ -z "$backup" ] || [ -n "$password_file" ] || misused "--backup needs --password-file"
[ -n "$backup" ] || [ -z "$password_file" ] || misused "--password-file goes with --backup"
[ "$out" != "$backup" ] || misused "--out and --backup name the same file"

# ----- can it be done? Everything that can be refused is refused before there is a key.
openssl=${OPENSSL:-openssl}
command -v "$openssl" >/dev/null 2>&1 || stop "openssl is missing: install version 3, or name one in OPENSSL"
[ -r "$public" ] || stop "$public can't be read: give the public key that you downloaded"
! grep -q 'PRIVATE KEY-----' "$public" || stop "$public holds a private key: give the public key, and keep that file to its owner"
if grep -q 'BEGIN CERTIFICATE-----' "$public"; then
  form=-certin
  "$openssl" x509 -in "$public" -noout -checkend 0 >/dev/null 2>&1 || stop "the certificate in $public has expired, or can't be read: download the one of your region anew"
else
  form=-pubin
fi
wrap() {
  "$openssl" pkeyutl -encrypt "$form" -inkey "$public" -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256
}
# under PASSWORD_FD [openssl enc option...]: a password on a pipe makes the AES key, which so stands in no list of processes.
under() {
  local fd=$1
  shift
  "$openssl" enc -id-aes256-wrap-pad -pbkdf2 -iter 1 -nosalt -iv $WRAP_IV -pass "fd:$fd" "$@"
}
block=$(printf 'can it?' | wrap 2>/dev/null | wc -c | tr -d ' ') || true
[ "$block" -ge 256 ] || stop "$public is no readable RSA public key or certificate (PEM): download the one of your region anew"
printf 'can it?' | under 5 5< <(printf public) >/dev/null 2>&1 || stop "this openssl ($("$openssl" version)) can't wrap keys (RFC 5649): install openssl 3, or use byok-operator key generate --rsa $bits"
[ -z "$backup" ] || [ ! -e "$backup" ] || stop "$backup exists already, and a backup is never replaced: choose another name"
[ -z "$password_file" ] || [ -n "$(head -n 1 "$password_file")" ] || stop "the first line of $password_file is empty: put a long password there"
[ $force = yes ] || [ ! -e "$out" ] || stop "$out exists already: move it away, choose another name by --out, or give --force"

# ----- make, wrap, hash: the key runs through pipes from openssl to openssl; it is in no file, variable or argument.
umask 077
part=$out.part.$$ backup_part=$backup.backup-part.$$
clean_up() { rm -f -- "$part"; [ -z "$backup" ] || rm -f -- "$backup_part"; }
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

keep() {
  if [ -z "$backup" ]; then
    cat >/dev/null
  else
    "$openssl" pkcs8 -topk8 -inform DER -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter $ITERATIONS -passout "file:$password_file" -out "$backup_part"
  fi
}

say "1/3 making an RSA key of $bits bits and wrapping it"
between=$("$openssl" rand -base64 48)
aes=$(under 5 -P 5< <(printf %s "$between") | sed -n 's/^key=//p')
[ ${#aes} -eq 64 ] || stop "openssl gave no AES key; nothing was written"
printf "$(printf %s "$aes" | sed 's/../\\x&/g')" | wrap >"$part"
# fd 3 leads to the hash, fd 4 to the backup.
hash=$(
  {
    {
      "$openssl" genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$bits" | "$openssl" pkcs8 -topk8 -nocrypt -outform DER |
        tee /dev/fd/3 /dev/fd/4 | under 5 5< <(printf %s "$between") >>"$part"
    } 4>&1 >/dev/null | keep
  } 3>&1 >/dev/null | "$openssl" pkey -inform DER -pubout -outform DER | "$openssl" dgst -sha256 -binary | "$openssl" base64 -A
) || stop "openssl failed; nothing was written"

size=$(($(wc -c <"$part") - block))
[ $size -gt $((bits / 2)) ] && [ $((size % 8)) -eq 0 ] || stop "the wrapped key has an odd size; nothing was written"
[ ${#hash} -eq 44 ] || stop "openssl gave no hash; nothing was written"

if [ -n "$backup" ]; then
  grep -q 'END ENCRYPTED PRIVATE KEY' "$backup_part" || stop "the backup is not whole; nothing was written"
  mv -- "$backup_part" "$backup"
  say "2/3 wrote the backup $backup; read it by: openssl pkey -in $backup"
else
  say "2/3 made no backup: the same key can't be brought again once the platform's wrapping key has changed (--backup FILE keeps it)"
fi
mv -f -- "$part" "$out"
say "3/3 wrote $out ($((size + block)) bytes): upload it together with the key hash"
say "Key Hash:"
printf '%s\n' "$hash"
