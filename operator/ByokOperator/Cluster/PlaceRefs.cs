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

    /// <summary>
    /// What stands where the store's own place would is that place, or may be: it says so, it can't be asked, or the
    /// store was claimed, as every one is before it is put anywhere. A tag that is gone, or another's, tells nothing
    /// once the record is gone as well.
    /// </summary>
    public static bool MayBeOwn(StoreOwnership whose, bool isClaimed) =>
        whose is StoreOwnership.Ours or StoreOwnership.Earlier or StoreOwnership.Forbidden
            || (isClaimed && whose != StoreOwnership.Absent);
}
