using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Records;
using Cloud.Keys;
using Cloud.Stores;

namespace ByokOperator.Places;

/// <summary>From where to where a move goes, and what its copies come under. Its marks stand in the store whichever way
/// it goes: that is the tenant's alone.</summary>
/// <param name="Target">Where the copies go.</param>
internal sealed record MoveRoute(StorePlaces Places, SharedRef Source, StoreRef Target)
{
    /// <summary>As recorded; null on the way into the store.</summary>
    public StoreReturn? Return { get; init; }

    /// <summary>As recorded, of a move to the store's next bucket; null of every other.</summary>
    public StoreBucket? Next { get; init; }

    /// <summary>The next bucket as a place of its own; null of every other move.</summary>
    public StorePlaces? Onward { get; init; }

    /// <summary>Where marks and the receipt stand.</summary>
    public StoreRef Marks => Return is null ? Target : Places.Target;

    /// <summary>Which key the store's own has to be; null where the look that this was decided on says it.</summary>
    public KeyPin? Pin { get; init; }

    public string ReceiptName => Return?.Hold is { } hold ? MarkNames.ReturnReceipt(hold) : MarkNames.Receipt;

    public static MoveRoute Into(StorePlaces places, SharedRef shared) => new(places, shared, places.Target);

    public static MoveRoute Back(StorePlaces places, SharedRef shared, StoreReturn back, KeyPin? pin) =>
        new(places, SourceOf(places, shared), shared.Store) { Return = back, Pin = pin };

    /// <summary>All of the bucket that is left, to the next one.</summary>
    public static MoveRoute OnTo(StorePlaces left, StorePlaces next, StoreBucket bucket) =>
        new(left, new SharedRef(left.Target, "") { IsOwn = true }, next.Target) { Next = bucket, Onward = next };

    /// <summary>The same prefix, in the store: fences and listings are of that.</summary>
    public static SharedRef SourceOf(StorePlaces places, SharedRef shared) => new(places.Target, shared.Prefix);

    /// <summary>What copies are ordered under.</summary>
    /// <param name="proved">The store's own key.</param>
    public KeyRef Under(KeyRef proved) =>
        Return is { } back ? new KeyRef(Target.KeyRegion, back.OrderedUnder) { Cloud = Target.Cloud } : proved;

    public bool BucketKey => Return?.BucketKey ?? Places.BucketKey;

    /// <summary>Of what a receipt vouches for.</summary>
    public string Scope(EncryptedStore store) =>
        Return is { } back ? StoreNames.ReturnScope(store, back)
            : Next is { } next ? StoreNames.NextScope(store, Source.Store.Name, Target.Name, next)
            : StoreNames.Scope(store, Places.MovedUnder);

    /// <summary>Readers are on the target, or about to be, as far as the record says it.</summary>
    public bool IsServed => Return is { ServedAt: not null } || Next is { IsLeft: true };
}
