using ByokOperator.Api;
using Cloud;
using Cloud.Keys;
using Cloud.Stores;

namespace ByokOperator.Cluster;

/// <summary>Places in the clouds' terms, as far as a spec tells them.</summary>
internal static class PlaceRefs
{
    /// <summary>Null where the store has no shared place to come from.</summary>
    public static StoreRef? SharedOf(EncryptedStore store)
    {
        var place = StorePlace.Of(store.Spec);
        return place.Shared is { } shared ? RefOf(place, shared.Name) with { Scope = shared.Scope } : null;
    }

    /// <summary>For asking whose a place is, and nothing else.</summary>
    public static StoreSpec AsStore(StoreRef place, string owner) =>
        new(place, owner, new KeyRef(place.Region, "") { Cloud = place.Cloud }, BucketKey: false, Versioned: false);

    public static StoreRef RefOf(StorePlace place, string name) => new(place.Region, name)
    {
        Cloud = place.Cloud == StorePlace.Azure ? CloudKind.Azure : CloudKind.Aws,
        Scope = place.Scope,
    };
}
