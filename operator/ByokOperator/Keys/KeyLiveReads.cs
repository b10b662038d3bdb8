using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>Who uses a key: from the watch while it is wanted, live once it is to go (law 5:
/// look live before what can't be undone).</summary>
internal sealed class KeyLiveReads(OperatorContext around)
{
    public Task<Fact<IReadOnlyList<string>>> UsersAsync(TenantEncryptionKey key, Glance glance) =>
        key.Metadata.DeletionTimestamp is null
            ? Task.FromResult(
                Fact.Seen<IReadOnlyList<string>>(
                    [.. around.Cluster.StoresOf(key.Metadata.Key).Select(store => store.Metadata.Name)]))
            : glance.OfAsync(cancellation => ListUsersAsync(key, cancellation));

    /// <summary>The object itself; refused where it is not there, or another one of its name is.</summary>
    public async Task<TenantEncryptionKey> ObjectAsync(TenantEncryptionKey key, CancellationToken cancellation) =>
        (await around.Kube.Api<TenantEncryptionKey>().TryGetAsync(key.Metadata.Key, cancellation)) is { } now
            && now.Metadata.Uid == key.Metadata.Uid
            ? now
            : throw new RefusedActException("KeyNotFound", "the key object is not there");

    /// <summary>
    /// The tenant's will as it stands: what the object says, or the record of a key that is all that speaks of it.
    /// Refused where another object of its name may take its keys back: then it is that one's.
    /// </summary>
    public async Task<TenantEncryptionKeySpec> WillAsync(TenantEncryptionKey key, CancellationToken cancellation) =>
        !key.IsRecordedOnly ? (await ObjectAsync(key, cancellation)).Spec
        : await around.Kube.Api<TenantEncryptionKey>().TryGetAsync(key.Metadata.Key, cancellation) switch
        {
            { } stands when stands.Metadata.Uid == key.Metadata.Uid => stands.Spec,
            { Spec.Imported: not null } =>
                throw new RefusedActException("KeyInUse", "it is another object's of that name, or may become it"),
            _ =>
                (await new RecordWriter(around).ReadAsync<KeyRecord>(RecordOwner.Of(key.Metadata),
                    cancellation)).Trusted?.Spec
                        ?? throw new RefusedActException("KeyNotFound", "the key object is not there"),
        };

    /// <summary>
    /// A place whose store object is gone counts until it is seen to be gone. A tag that somebody took away or changed,
    /// or a look that the cloud forbids, tells nothing of the data in it, and what is decided on this ends the key.
    /// </summary>
    public Task<Fact<IReadOnlyList<string>>> RetainedAsync(TenantEncryptionKey key, Glance glance) =>
        key.Metadata.DeletionTimestamp is null
            ? Task.FromResult(Fact.Seen<IReadOnlyList<string>>(
                [.. around.Cluster.Records.PutUnder(key.Metadata.Key)
                    .Where(put => put.IsUnder(key.Metadata.Uid ?? "") && around.Cluster.OwnerOf(put) is null)
                    .SelectMany(put => put.Targets)]))
            : glance.OfAsync(cancellation => StandingAsync(key, cancellation));

    /// <summary>A record names the key, or bears its label: one that can't be read may be of this key.</summary>
    public async Task<bool> IsNeededAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        var records = around.Kube.Api<PartialObject<ConfigMap>>();
        await foreach (var page in records.ListAsync(RecordsUnder(key), cancellation))
        {
            if (page.Items.Count + page.Unreadable.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Of a key that only its record speaks of: its object stands after all, or a store needs it. Where no other key
    /// has taken its name, one that names it may be it, whatever records say.
    /// </summary>
    public async Task<bool> IsHeldAsync(TenantEncryptionKey left, CancellationToken cancellation)
    {
        var objects = around.Kube.Api<PartialObject<TenantEncryptionKey>>();
        var live = await objects.TryGetAsync(left.Metadata.Key, cancellation);
        return live?.Metadata.Uid == left.Metadata.Uid
            || await IsNeededAsync(left, cancellation)
            || (live is null && (await ListUsersAsync(left, cancellation)).Count > 0);
    }

    /// <summary>Of a key that only its record speaks of: another object of its name stands, whose material is imported,
    /// and may take its keys back.</summary>
    public async Task<bool> HasSuccessorAsync(TenantEncryptionKey left, CancellationToken cancellation) =>
        await around.Kube.Api<TenantEncryptionKey>()
            .TryGetAsync(left.Metadata.Key, cancellation) is { Spec.Imported: not null } successor
                && successor.Metadata.Uid != left.Metadata.Uid;

    private async Task<IReadOnlyList<string>> ListUsersAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        var put = (await PutUnderAsync(key, cancellation)).Select(one => one.Uid).ToHashSet();
        return [.. (await StoresAsync(key, cancellation))
            .Where(store => store.Spec.KeyRef?.Name == key.Metadata.Name || put.Contains(store.Metadata.Uid ?? ""))
            .Select(store => store.Metadata.Name)];
    }

    private async Task<IReadOnlyList<string>> StandingAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        var stores = (await StoresAsync(key, cancellation)).Select(store => store.Metadata.Uid).ToHashSet();
        List<string> standing = [];
        foreach (var (name, uid, record) in (await PutUnderAsync(key, cancellation))
            .Where(put => !stores.Contains(put.Uid)))
        {
            if (record is not { Place: { } put } left)
            {
                standing.Add(
                    $"what the record {name} is of (it can't be read: restore the ConfigMap from a backup, or delete "
                        + "it once nothing of it stands)");
                continue;
            }

            if (!left.IsUnder(key.Metadata.Uid ?? ""))
            {
                continue;
            }

            // The key may be that of either bucket, while data moves from one to the other.
            foreach (var target in left.Targets)
            {
                if (await StandsAsync(PlaceRefs.RefOf(StorePlace.Of(put.Restore(new())), target), (name, uid),
                    cancellation) is { } what)
                {
                    standing.Add(what);
                }
            }
        }

        return standing;
    }

    /// <summary>Null once nothing is seen to stand there.</summary>
    private async Task<string?> StandsAsync(
        StoreRef place, (string Name, string Uid) record, CancellationToken cancellation) =>
        (await around.Cloud.Stores.DescribeAsync(PlaceRefs.AsStore(place, record.Uid), cancellation)).Ownership switch
        {
            StoreOwnership.Absent => null,
            StoreOwnership.Ours => $"{place.Noun} {place.Name}",
            _ => $"{place.Noun} {place.Name} (it can't be seen whether it is still the store's: let the operator see "
                + $"its tags, or delete the record {record.Name} once nothing of the store stands there)",
        };

    private async Task<IReadOnlyList<EncryptedStore>> StoresAsync(
        TenantEncryptionKey key, CancellationToken cancellation)
    {
        List<EncryptedStore> found = [];
        await foreach (var page in around.Kube.Api<EncryptedStore>()
            .ListAsync(new Selection(key.Metadata.Namespace), cancellation))
        {
            found.AddRange(page.Items);
            found.AddRange(page.Unreadable.Select(bad => new EncryptedStore
            {
                Metadata = bad.Metadata,
                // nobody can tell whose key it uses, so it may be this one
                Spec = new() { KeyRef = new() { Name = key.Metadata.Name } },
            }));
        }

        return found;
    }

    /// <summary>
    /// What stands under this key, whatever specs say since, and whoever wrote the record: by the record's name, and
    /// null for what it says where it can't be read. What nobody can read may stand.
    /// </summary>
    private async Task<IReadOnlyList<(string Name, string Uid, StoreRecord? Record)>> PutUnderAsync(
        TenantEncryptionKey key, CancellationToken cancellation)
    {
        List<(string, string, StoreRecord?)> found = [];
        await foreach (var page in around.Kube.Api<ConfigMap>().ListAsync(RecordsUnder(key), cancellation))
        {
            found.AddRange(
                page.Items.Select(map =>
                    (map.Metadata.Name, UidIn(map.Metadata.Name), RecordCodec.Peek<StoreRecord>(map))));
            found.AddRange(
                page.Unreadable.Select(bad => (bad.Metadata.Name, UidIn(bad.Metadata.Name), (StoreRecord?)null)));
        }

        return found;
    }

    /// <summary>Of the store that a record of this name is about; empty where the name is none of a record's.</summary>
    private static string UidIn(string name) => RecordCodec.OwnerIn<StoreRecord>(name)?.Uid ?? "";

    private Selection RecordsUnder(TenantEncryptionKey key) => new(
        around.Options.Namespace,
        $"{RecordCodec.Label}={StoreRecord.Kind},{StoreRecord.KeyLabelOf(key.Metadata.Uid ?? "")}={StoreRecord.KeyLabelValue}");
}
