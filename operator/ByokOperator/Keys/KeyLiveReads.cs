using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>Who uses a key: from the watch while it is wanted, live once it is to go (law 5: look live before what can't be undone).</summary>
internal sealed class KeyLiveReads(Surroundings around)
{
    public Task<Fact<IReadOnlyList<string>>> UsersAsync(TenantEncryptionKey key, CancellationToken cancellation) =>
        key.Metadata.DeletionTimestamp is null
            ? Task.FromResult(Fact.Seen<IReadOnlyList<string>>([.. around.Cluster.StoresOf(key.Metadata.Key).Select(store => store.Metadata.Name)]))
            : Sight.OfAsync(() => ListUsersAsync(key, cancellation));

    /// <summary>A bucket counts while it stands and carries the tag of the store that left it.</summary>
    public Task<Fact<IReadOnlyList<string>>> RetainedAsync(TenantEncryptionKey key, ConfigMap? canaries, CancellationToken cancellation) =>
        key.Metadata.DeletionTimestamp is null
            ? Task.FromResult(Fact.Seen<IReadOnlyList<string>>([.. CanaryMap.Retained(canaries).Select(left => left.Store.Name)]))
            : Sight.OfAsync(() => StandingAsync(key, CanaryMap.Retained(canaries), cancellation));

    private async Task<IReadOnlyList<string>> ListUsersAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        var put = await PutUnderAsync(key, cancellation);
        List<string> users = [];
        await foreach (var page in around.Kube.Api<EncryptedStore>().ListAsync(new Selection(key.Metadata.Namespace), cancellation))
        {
            users.AddRange(page.Items.Where(store => store.Spec.KeyRef?.Name == key.Metadata.Name || put.Contains(store.Metadata.Uid)).Select(store => store.Metadata.Name));
        }

        return users;
    }

    /// <summary>UIDs of the stores that were put under this key, whatever their spec says since.</summary>
    private async Task<HashSet<string?>> PutUnderAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        HashSet<string?> found = [];
        var places = new Selection(key.Metadata.Namespace, $"{Labels.ManagedBy}={Labels.ManagedByValue},{Children.ChildLabel}={PlaceMap.ChildKind}");
        await foreach (var page in around.Kube.Api<PartialObject<ConfigMap>>().ListAsync(places, cancellation))
        {
            found.UnionWith(page.Items.Where(map => PlaceMap.Read(map.Metadata)?.KeyName == key.Metadata.Name)
                .SelectMany(map => map.Metadata.OwnerReferences ?? []).Select(owner => owner.Uid));
        }

        return found;
    }

    private async Task<IReadOnlyList<string>> StandingAsync(TenantEncryptionKey key, IReadOnlyList<RetainedStore> retained, CancellationToken cancellation)
    {
        List<string> standing = [];
        foreach (var left in retained)
        {
            var region = left.Store.KeyRegion;
            var id = KeyIds.Of(key, region, around.Cluster.Canaries.Find(KeyRecords.AddressOf(key)));
            var spec = new StoreSpec(left.Store, left.Owner, KeyRefs.Of(key, region, id), BucketKey: false, Versioned: false);
            if ((await around.Cloud.Stores.DescribeAsync(spec, cancellation)).Ownership == StoreOwnership.Ours)
            {
                standing.Add($"{left.Store.Noun} {left.Store.Name}");
            }
        }

        return standing;
    }
}
