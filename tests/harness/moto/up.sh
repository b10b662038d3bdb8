# moto_up: moto's server on a free loopback port; exports BYOK_MOTO_URL. Sourced; needs lib.sh, $RUN and $MOTO.
moto_up() {
  local port
  port=$(free_port)
  start moto chroot "$MOTO/root" /usr/bin/python3 -m moto.server -H 127.0.0.1 -p "$port"
  await moto in_net bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" || return
  export BYOK_MOTO_URL=http://127.0.0.1:$port
}
