# A network namespace for the servers and the tests, so that no rule, bridge, port or forwarding setting of theirs
# ever touches the machine's. Sourced; needs lib.sh.

# The node's address, and the one that the cluster calls its API server by: both end at the same machine, so
# pods reach it with no proxy in between.
readonly NODE_ADDRESS=192.0.2.1 API_ADDRESS=10.196.0.1

# network_up: makes the namespace and exports its name as BYOK_TEST_NETNS.
network_up() {
  export BYOK_TEST_NETNS=byok-$$
  ip netns add "$BYOK_TEST_NETNS"
  in_net ip link set lo up
  in_net ip link add byok0 type bridge
  in_net ip addr add "$NODE_ADDRESS/32" dev byok0
  in_net ip addr add "$API_ADDRESS/32" dev byok0
  in_net ip link set byok0 up
}

# network_down: ends what still runs inside and takes the namespace away.
network_down() {
  [ -n "${BYOK_TEST_NETNS:-}" ] || return 0
  ip netns pids "$BYOK_TEST_NETNS" | xargs -r kill -9 2>/dev/null || true
  ip netns del "$BYOK_TEST_NETNS" || true
  unset BYOK_TEST_NETNS
}
