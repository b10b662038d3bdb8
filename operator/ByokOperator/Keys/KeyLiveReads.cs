using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>Who uses a key: from the watch while it is wanted, live once it is to go (law 5: look live before what can't be undone).</summary>
internal sealed class KeyLiveReads(Surroundings around)
{
    public Task<Fact<IReadOnlyList<string>>> UsersAsync(TenantEncryptionKey key, Glance glance) =>
        key.Metadata.DeletionTimestamp is null
            ? Task.FromResult(Fact.Seen<IReadOnlyList<string>>([.. around.Cluster.StoresOf(key.Metadata.Key).Select(store => store.Metadata.Name)]))
            : glance.OfAsync(cancellation => ListUsersAsync(key, cancellation));

    /// <summary>A place whose store object is gone counts while it stands and carries the tag of that store.</summary>
    public Task<Fact<IReadOnlyList<string>>> RetainedAsync(TenantEncryptionKey key, Glance glance) =>
        key.Metadata.DeletionTimestamp is null
            ? Task.FromResult(Fact.Seen<IReadOnlyList<string>>(
                [.. around.Cluster.Records.PutUnder(key.Metadata.Key).Where(put => IsLeftUnder(put, key, around.Cluster.OwnerOf(put)?.Metadata.Uid)).Select(put => put.Target)]))
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
    /// Of a key that only its record speaks of: its object stands after all, or a store needs it. Where no other key has taken its name,
    /// one that names it may be it, whatever records say.
    /// </summary>
    public async Task<bool> IsHeldAsync(TenantEncryptionKey left, CancellationToken cancellation)
    {
        var objects = around.Kube.Api<PartialObject<TenantEncryptionKey>>();
        var live = await objects.TryGetAsync(left.Metadata.Key, cancellation);
        return live?.Metadata.Uid == left.Metadata.Uid
            || await IsNeededAsync(left, cancellation)
            || (live is null && (await ListUsersAsync(left, cancellation)).Count > 0);
    }

    /// <summary>Of a key that only its record speaks of: another object of its name stands, whose material is imported, and may take its keys back.</summary>
    public async Task<bool> HasHeirAsync(TenantEncryptionKey left, CancellationToken cancellation) =>
        await around.Kube.Api<TenantEncryptionKey>().TryGetAsync(left.Metadata.Key, cancellation) is { Spec.Imported: not null } heir && heir.Metadata.Uid != left.Metadata.Uid;

    private async Task<IReadOnlyList<string>> ListUsersAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        var put = (await PutUnderAsync(key, cancellation)).Select(record => record.Uid).ToHashSet();
        return [.. (await StoresAsync(key, cancellation))
            .Where(store => store.Spec.KeyRef?.Name == key.Metadata.Name || put.Contains(store.Metadata.Uid ?? ""))
            .Select(store => store.Metadata.Name)];
    }

    private async Task<IReadOnlyList<string>> StandingAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        var stores = (await StoresAsync(key, cancellation)).Select(store => store.Metadata.Uid).ToHashSet();
        List<string> standing = [];
        foreach (var left in (await PutUnderAsync(key, cancellation)).Where(put => IsLeftUnder(put, key, stores.Contains(put.Uid) ? put.Uid : null)))
        {
            var place = StorePlaces.RefOf(StorePlace.Of(left.Place!.Restore(new())), left.Target);
            var id = KeyIds.Of(key, place.KeyRegion, around.Cluster.RecordOf(key).Parsed);
            var spec = new StoreSpec(place, left.Uid, KeyRefs.Of(key, place.KeyRegion, id), BucketKey: false, Versioned: false);
            if ((await around.Cloud.Stores.DescribeAsync(spec, cancellation)).Ownership == StoreOwnership.Ours)
            {
                standing.Add($"{place.Noun} {place.Name}");
            }
        }

        return standing;
    }

    private static bool IsLeftUnder(StoreRecord put, TenantEncryptionKey key, string? owner) => put.IsUnder(key.Metadata.Uid ?? "") && owner is null;

    private async Task<IReadOnlyList<EncryptedStore>> StoresAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        List<EncryptedStore> found = [];
        await foreach (var page in around.Kube.Api<EncryptedStore>().ListAsync(new Selection(key.Metadata.Namespace), cancellation))
        {
            found.AddRange(page.Items);
            found.AddRange(page.Unreadable.Select(bad => new EncryptedStore
            {
                Metadata = bad.Metadata,
                Spec = new() { KeyRef = new() { Name = key.Metadata.Name } }, // nobody can tell whose key it uses, so it may be this one
            }));
        }

        return found;
    }

    /// <summary>What stands under this key, whatever specs say since, and whoever wrote the record.</summary>
    private async Task<IReadOnlyList<StoreRecord>> PutUnderAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        List<StoreRecord> found = [];
        await foreach (var page in around.Kube.Api<ConfigMap>().ListAsync(RecordsUnder(key), cancellation))
        {
            found.AddRange(page.Items.Select(RecordCodec.Peek<StoreRecord>).OfType<StoreRecord>());
        }

        return found;
    }

    private Selection RecordsUnder(TenantEncryptionKey key) => new(
        around.Options.Namespace, $"{RecordCodec.Label}={StoreRecord.Kind},{StoreRecord.KeyLabelOf(key.Metadata.Uid ?? "")}={StoreRecord.KeyLabelValue}");
}
