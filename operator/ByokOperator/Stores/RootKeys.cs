using ByokOperator.Places;
using Cloud;
using Cloud.Keys;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>The key that everything in an account stands under.</summary>
internal static class RootKeys
{
    /// <summary>In the store's own spelling where it is the store's key.</summary>
    public static string? Of(StorePlaces places, StoreDescription seen) => Of(places.Target.Cloud, seen) is { } root
        ? string.Equals(root, places.Key.Identity, StringComparison.OrdinalIgnoreCase) ? places.Key.Identity : root
        : null;

    /// <summary>Without its version; null where each object has a key of its own,
    /// or the cloud does not tell it.</summary>
    public static string? Of(CloudKind cloud, StoreDescription seen) =>
        seen.CurrentKeyVersion is { Length: > 0 } id ? new KeyRef(KeyRef.AnyRegion, id) { Cloud = cloud }.Identity
            : null;
}
