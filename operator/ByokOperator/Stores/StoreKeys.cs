using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>What a store may know of its key, and until when it is borne that nobody in this process knows.</summary>
internal sealed class StoreKeys(Surroundings around, KeyBoard board)
{
    private readonly SinceTimes unjudged = new();

    public static ObjectKey AddressOf(EncryptedStore store) => new(store.Metadata.Namespace ?? "", store.Spec.KeyRef?.Name ?? "");

    /// <summary>As the watch and the board have it. Blind where the watch does not show the key: it may only be late.</summary>
    public (TenantEncryptionKey? Key, Fact<KeyStanding?> Standing) Near(EncryptedStore store)
    {
        if (store.IsRecordedOnly)
        {
            return around.Cluster.Inventory.KeyOf(store) is { } put
                ? (around.Cluster.Standing(put), Judged(put))
                : (null, IsUnreadable(store) ? Fact.Blind<KeyStanding?>(Sight.Unreadable) : Fact.Seen<KeyStanding?>(null));
        }

        if (store.Spec.KeyRef is null)
        {
            return (null, Fact.Seen<KeyStanding?>(null));
        }

        var address = AddressOf(store);
        return around.Cluster.FindKey(address) is not { } watched ? (null, Fact.Blind<KeyStanding?>("KeyNotWatched"))
            : (around.Cluster.Standing(watched), Judged(watched));
    }

    private bool IsUnreadable(EncryptedStore store) => around.Cluster.Keys.Quarantine.Find(AddressOf(store)) is not null;

    private Fact<KeyStanding?> Judged(TenantEncryptionKey key) =>
        board.Find(around.Cluster.Inventory.AddressOf(key)) is { } standing && standing.Uid == key.Metadata.Uid
            ? Fact.Seen<KeyStanding?>(standing)
            : Fact.Blind<KeyStanding?>(around.Cluster.IsHeldOff(key) ? "KeyNotGranted" : "KeyNotJudgedYet");

    /// <summary>Absence is looked up live before anything is closed for it.</summary>
    public async Task<(TenantEncryptionKey? Key, Fact<KeyStanding?> Standing)> LookAsync(EncryptedStore store, Glance glance)
    {
        var near = Near(store);
        if (near.Key is not null || near.Standing.Blindness is null)
        {
            return near;
        }

        var live = await glance.OfAsync(cancellation => around.Kube.Api<TenantEncryptionKey>().TryGetAsync(AddressOf(store), cancellation));
        return live.Blindness is { } why ? (null, Fact.Blind<KeyStanding?>(why))
            : live.ForDisplay() is { } late ? (around.Cluster.Standing(late), Fact.Blind<KeyStanding?>("KeyNotJudgedYet"))
            : (null, Fact.Seen<KeyStanding?>(null));
    }

    /// <summary>What the key's own reconcile is about to say first: its judgement, then its canary. Null where nothing is to be awaited.</summary>
    public string? Awaited(EncryptedStore store)
    {
        var key = store.IsRecordedOnly ? around.Cluster.Inventory.KeyOf(store) : around.Cluster.FindKey(AddressOf(store));
        if (store.Metadata.DeletionTimestamp is not null || key is null || around.Cluster.IsHeldOff(key))
        {
            return null;
        }

        return board.Find(around.Cluster.Inventory.AddressOf(key)) is not { } standing || standing.Uid != key.Metadata.Uid ? "Judgement"
            : standing.Regions.Values.Any(region => region is { Pin: null } && region.Judgement.ForDisplay() is KeyJudgement.Usable) ? "Canary"
            : null;
    }

    /// <summary>
    /// Since the clock on record, else since this process first asked, plus the key's own patience. After a restart the first answer is
    /// awaited for one probe all the same: a clock that its keeper could not stop any more must not close what was proved since.
    /// </summary>
    /// <returns>Null where the key is judged, or is seen to be gone.</returns>
    public DateTimeOffset? UnjudgedUntil(EncryptedStore store, TenantEncryptionKey? key, Fact<KeyStanding?> standing, DateTimeOffset now)
    {
        var region = StorePlace.Of(store.Spec).KeyRegion;
        var isJudged = standing.Blindness is null && standing.ForDisplay()?.Regions.GetValueOrDefault(region) is not { Judgement.Blindness: not null };
        if (unjudged.Note(around.Cluster.Inventory.AddressOf(store), store.Metadata.Uid ?? "", !isJudged, now) is not { } asked)
        {
            return null;
        }

        var revocation = key?.Spec.Revocation ?? new KeyRevocation();
        var patience = PatienceOf(key, standing);
        var recorded = key is null ? null : around.Cluster.RecordOf(key).Parsed?.In(region).UnknownSince;
        var onRecord = (recorded < asked ? recorded.Value : asked) + patience;
        var afterStart = asked + (revocation.Interval < patience ? revocation.Interval : patience);
        return onRecord > afterStart ? onRecord : afterStart;
    }

    public static TimeSpan PatienceOf(TenantEncryptionKey? key, Fact<KeyStanding?> standing) =>
        key?.Spec.Revocation.Patience ?? standing.ForDisplay()?.MaxStaleness ?? new KeyRevocation().Patience;

    public void Forget(ObjectKey store) => unjudged.Forget(store);
}
