using System.Collections.Concurrent;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>What a store may know of its keys, and until when it is borne that nobody in this process knows.</summary>
internal sealed class StoreKeys(OperatorContext around, KeySnapshotCache board)
{
    private readonly SinceTimes unjudged = new();

    /// <summary>The same of the other keys, by store.</summary>
    private readonly ConcurrentDictionary<ObjectKey, SinceTimes> othersUnjudged = new();

    private static ObjectKey AddressOf(EncryptedStore store, string name) => new(store.Metadata.Namespace ?? "", name);

    /// <summary>As the watch and the board have it. Blind where the watch does not show the key:
    /// it may only be late.</summary>
    public (TenantEncryptionKey? Key, Fact<KeySnapshot?> Standing) Near(EncryptedStore store) =>
        store.IsRecordedOnly ? Put(around.Cluster.Inventory.KeyOf(store), store.KeyAddress)
        : store.Spec.KeyRef is null ? (null, Fact.Seen<KeySnapshot?>(null))
        : Watched(store.KeyAddress);

    /// <summary>The key that a store's spec names instead of the one that it was put under; null where it names no
    /// other. What was put nowhere goes by its spec.</summary>
    public static string? WantedOf(EncryptedStore written, EncryptedStore store) =>
        !store.IsRecordedOnly && written.Spec.KeyRef?.Name is { Length: > 0 } wanted
            && wanted != store.Spec.KeyRef?.Name ? wanted : null;

    /// <summary>A key that a store's spec names and that nothing of it stands under.</summary>
    public PinnedKey Candidate(EncryptedStore store, string name)
    {
        var (key, standing) = Watched(AddressOf(store, name));
        // a wish: that the watch is late costs a moment
        var isGone = key is null && !IsUnreadable(AddressOf(store, name));
        return new(name, null, isGone ? Fact.Seen<KeySnapshot?>(null)
            : standing) { MaxStaleness = AllowedStalenessOf(key, standing) };
    }

    /// <summary>What the watch and the board have of the other keys that objects stand under.</summary>
    public IReadOnlyList<PinnedKey> AlsoNear(EncryptedStore store, DateTimeOffset now) =>
        [.. AlsoPinned(store, null).Select(key => Of(store, key, Find(store, key), now))];

    /// <summary>Their absence too is looked up live before anything is closed for it.</summary>
    /// <param name="store">As far as its spec is followed.</param>
    /// <param name="known">Those that were looked at already.</param>
    /// <param name="mark">What stands beside the data, as far as it was seen: a record that was lost, or is older,
    /// knows less.</param>
    /// <param name="glance">As everywhere.</param>
    public async Task<IReadOnlyList<PinnedKey>> LookAsync(
        EncryptedStore store, IReadOnlyList<PinnedKey> known, PinMark? mark, Glance glance)
    {
        List<PinnedKey> found = [.. known];
        foreach (var key in AlsoPinned(store, mark).Where(key => !known.Any(one => one.Name == key.Name)))
        {
            found.Add(
                Of(store, key, await LiveAsync(store, Find(store, key), key.Name, glance), around.Time.GetUtcNow()));
        }

        return found;
    }

    /// <summary>
    /// A record that can't be trusted may name some too: they can close the store, and open nothing; it may also be all
    /// that is left of which key the store was put under, whatever its spec says since.
    /// </summary>
    private List<StoreRecordKey> AlsoPinned(EncryptedStore store, PinMark? mark)
    {
        var record = around.Cluster.RecordOf(store);
        IEnumerable<StoreRecordKey> recorded = record.Parsed is not { } known ? []
            : record.Trusted is null
                && known is { Place.KeyName.Length: > 0, Pin: { } first }
                    ? [new(known.Place.KeyName, known.KeyUid, first), .. known.AlsoPinned]
            : known.AlsoPinned;
        return [.. recorded.Concat(mark?.Named ?? []).Where(key => key.Name != store.Spec.KeyRef?.Name)
            .DistinctBy(key => key.Name)];
    }

    private PinnedKey Of(
        EncryptedStore store, StoreRecordKey pinned, (TenantEncryptionKey? Key, Fact<KeySnapshot?> Standing) found,
        DateTimeOffset now) =>
        new(pinned.Name, KeyPin.Of(pinned.Pin), found.Standing)
        {
            MaxStaleness = AllowedStalenessOf(found.Key, found.Standing),
            UnjudgedUntil = UnjudgedUntil(store, (found.Key, found.Standing, pinned.Name), now),
            Stage = pinned.Stage,
            Since = pinned.Since,
        };

    private (TenantEncryptionKey? Key, Fact<KeySnapshot?> Standing) Find(EncryptedStore store, StoreRecordKey pinned)
    {
        var address = AddressOf(store, pinned.Name);
        return store.IsRecordedOnly
            ? Put(around.Cluster.Inventory.KeyOf(new RecordOwner(address.Namespace, address.Name, pinned.Uid)), address)
            : Watched(address);
    }

    /// <summary>The very object that a store without one was put under.</summary>
    private (TenantEncryptionKey? Key, Fact<KeySnapshot?> Standing) Put(TenantEncryptionKey? put, ObjectKey address) =>
        put is not null
            ? (around.Cluster.Standing(put), Judged(put))
            : (null, IsUnreadable(address) ? Fact.Blind<KeySnapshot?>(FactReader.Unreadable)
                : Fact.Seen<KeySnapshot?>(null));

    private (TenantEncryptionKey? Key, Fact<KeySnapshot?> Standing) Watched(ObjectKey address) =>
        around.Cluster.FindKey(address) is not { } watched ? (null, Fact.Blind<KeySnapshot?>("KeyNotWatched"))
            : (around.Cluster.Standing(watched), Judged(watched));

    private bool IsUnreadable(ObjectKey address) => around.Cluster.Keys.Quarantine.Find(address) is not null;

    private Fact<KeySnapshot?> Judged(TenantEncryptionKey key) =>
        board.Find(around.Cluster.Inventory.AddressOf(key)) is { } standing && standing.Uid == key.Metadata.Uid
            ? Fact.Seen<KeySnapshot?>(standing)
            : Fact.Blind<KeySnapshot?>(around.Cluster.IsHeldOff(key) ? "KeyNotGranted" : "KeyNotJudgedYet");

    /// <summary>Absence is looked up live before anything is closed for it.</summary>
    public Task<(TenantEncryptionKey? Key, Fact<KeySnapshot?> Standing)> LookAsync(
        EncryptedStore store, Glance glance) =>
        LiveAsync(store, Near(store), store.Spec.KeyRef?.Name ?? "", glance);

    private async Task<(TenantEncryptionKey? Key, Fact<KeySnapshot?> Standing)> LiveAsync(
        EncryptedStore store, (TenantEncryptionKey? Key, Fact<KeySnapshot?> Standing) near, string name, Glance glance)
    {
        if (near.Key is not null || near.Standing.Blindness is null)
        {
            return near;
        }

        var live = await glance.OfAsync(cancellation =>
            around.Kube.Api<TenantEncryptionKey>().TryGetAsync(AddressOf(store, name), cancellation));
        return live.Blindness is { } why ? (null, Fact.Blind<KeySnapshot?>(why))
            : live.ForDisplay() is { } late
                ? (around.Cluster.Standing(late), Fact.Blind<KeySnapshot?>("KeyNotJudgedYet"))
            : (null, Fact.Seen<KeySnapshot?>(null));
    }

    /// <summary>What the keys' own reconciles are about to say first: a judgement, then a canary.
    /// Null where nothing is to be awaited.</summary>
    public string? Awaited(EncryptedStore store)
    {
        if (store.Metadata.DeletionTimestamp is not null)
        {
            return null;
        }

        // A store is followed by its record: what its spec names since is looked at as a wish.
        var standing = around.Cluster.Standing(store);
        IEnumerable<TenantEncryptionKey?> keys = store.IsRecordedOnly
            ? around.Cluster.Inventory.KeysOf(store)
            : AlsoPinned(standing, null).Select(key => around.Cluster.FindKey(AddressOf(store, key.Name)))
                .Prepend(around.Cluster.FindKey(standing.KeyAddress));
        return keys.OfType<TenantEncryptionKey>().Select(Awaited).OfType<string>().FirstOrDefault();
    }

    private string? Awaited(TenantEncryptionKey key) =>
        around.Cluster.IsHeldOff(key) ? null
        : board.Find(around.Cluster.Inventory.AddressOf(key)) is not { } standing
            || standing.Uid != key.Metadata.Uid ? "Judgement"
        : standing.Regions.Values.Any(region =>
            region is { Pin: null } && region.Judgement.ForDisplay() is KeyJudgement.Usable) ? "Canary"
        : null;

    /// <summary>Of the key that the store's default is on.</summary>
    public DateTimeOffset? UnjudgedUntil(
        EncryptedStore store, TenantEncryptionKey? key, Fact<KeySnapshot?> standing, DateTimeOffset now) =>
        UnjudgedUntil(store, (key, standing, ""), now);

    /// <summary>
    /// Since the clock on record, else since this process first asked, plus the key's own maxStaleness. After a restart
    /// the first answer is awaited for one probe all the same:
    /// a clock that its keeper could not stop any more must not close what was proved since.
    /// </summary>
    /// <returns>Null where the key is judged, or is seen to be gone.</returns>
    private DateTimeOffset? UnjudgedUntil(
        EncryptedStore store, (TenantEncryptionKey? Key, Fact<KeySnapshot?> Standing, string Name) of,
        DateTimeOffset now)
    {
        var region = StorePlace.Of(store.Spec).KeyRegion;
        var isJudged = of.Standing.Blindness is null
            && of.Standing.ForDisplay()?.Regions.GetValueOrDefault(region) is not { Judgement.Blindness: not null };
        var address = around.Cluster.Inventory.AddressOf(store);
        var clocks = of.Name.Length == 0 ? unjudged : othersUnjudged.GetOrAdd(address, static _ => new SinceTimes());
        if (clocks.Note(of.Name.Length == 0 ? address
            : AddressOf(store, of.Name), store.Metadata.Uid ?? "", !isJudged, now) is not { } asked)
        {
            return null;
        }

        var revocation = of.Key?.Spec.Revocation ?? new KeyRevocation();
        var staleness = AllowedStalenessOf(of.Key, of.Standing);
        var recorded = of.Key is null ? null : around.Cluster.RecordOf(of.Key).Parsed?.In(region).UnknownSince;
        var onRecord = (recorded < asked ? recorded.Value : asked) + staleness;
        var afterStart = asked + (revocation.Interval < staleness ? revocation.Interval : staleness);
        return onRecord > afterStart ? onRecord : afterStart;
    }

    public static TimeSpan AllowedStalenessOf(TenantEncryptionKey? key, Fact<KeySnapshot?> standing) =>
        key?.Spec.Revocation.AllowedStaleness ?? standing.ForDisplay()?.MaxStaleness
            ?? new KeyRevocation().AllowedStaleness;

    public void Forget(ObjectKey store)
    {
        unjudged.Forget(store);
        othersUnjudged.TryRemove(store, out _);
    }
}
