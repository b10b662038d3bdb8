using ByokOperator.Reconciling;

namespace ByokOperator.Stores;

/// <summary>What a store is asked for that names another key. It stands above everything else, so that the store goes on as if nothing had been asked.</summary>
internal static class KeyChangeLadder
{
    public static readonly IReadOnlyList<Rung<StoreWorld>> Rungs = [new("KeyFollowed", KeyFollowed)];

    private static Finding KeyFollowed(StoreWorld world) => world.WantedKey is { } wanted
        ? new Finding.Stuck(
            "KeyChangeNotSupported",
            $"the data stands under the key {world.KeyName}, and a store's key can't be changed to {wanted} yet; nothing was changed: set spec.keyRef.name back to {world.KeyName}, or make a new EncryptedStore")
        : Finding.Holds.Now;
}
