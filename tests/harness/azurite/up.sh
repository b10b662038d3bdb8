# azurite_up: Azurite's blob service on a free loopback port; exports BYOK_AZURITE_URL. Sourced; needs lib.sh, $RUN and $AZURITE.
azurite_up() {
  local port
  port=$(free_port)
  start azurite node "$AZURITE/node_modules/azurite/dist/src/blob/main.js" --blobHost 127.0.0.1 --blobPort "$port" \
    --inMemoryPersistence --skipApiVersionCheck --disableTelemetry --silent
  await azurite in_net bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" || return
  export BYOK_AZURITE_URL=http://127.0.0.1:$port
}
