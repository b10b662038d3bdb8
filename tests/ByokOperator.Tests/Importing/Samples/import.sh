openssl rand 32 | \
  openssl enc -aes-256-cbc -pass pass:RepliconRocks -md sha1 | \
  base64 > secure-key.b64

curl --fail -X PUT -d "" -H "Authorization: ApiKey $apikey"  \
  $endpoint/\!/ems/enterprises/$enterpriseid/cmk/import-key-request > \
  importreq.json
cat importreq.json | jq -r '.publicKey' > publickey.crt
importtoken="$(cat importreq.json| jq -r '.importToken')"

cat secure-key.b64 | \
  base64 -d | \
  openssl enc -d -aes-256-cbc -pass pass:RepliconRocks -md sha1 | \
  openssl rsautl -encrypt -oaep -inkey publickey.crt -pubin | \
  base64 > secure-key-import-ready.b64

curl --fail -H "Authorization: ApiKey $apikey" \
  -H "Content-Type: application/json" \
  $endpoint/\!/ems/enterprises/$enterpriseid/cmk/import-key \
  -d '{"importToken":"'$importtoken'","keyMaterial":"'$(cat secure-key-import-ready.b64)'"}'

rm importreq.json publickey.crt secure-key-import-ready.b64
