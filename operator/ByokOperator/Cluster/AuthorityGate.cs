using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;
using Cloud.Stores;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Cluster;

/// <summary>
/// What begins something asks here right before it does: the platform's word as the API server has it at that moment,
/// and whether the places are nobody else's store. Closing never asks.
/// </summary>
internal sealed class AuthorityGate(OperatorContext around)
{
    public async Task DemandAsync(TenantEncryptionKey key, CancellationToken cancellation) =>
        Demand(around.Cluster.Judge(key, await LiveAsync(key.Metadata.Namespace ?? "", cancellation)));

    /// <param name="store">As far as it is followed.</param>
    /// <param name="cancellation">As everywhere.</param>
    public async Task DemandAsync(EncryptedStore store, CancellationToken cancellation)
    {
        Demand(around.Cluster.Judge(store, await LiveAsync(store.Metadata.Namespace ?? "", cancellation)));
        var place = StorePlace.Of(store.Spec);
        var uid = store.Metadata.Uid ?? "";
        await DemandFreeAsync(StoreNames.Holder(store), store, cancellation);
        if (place.Shared is { } shared)
        {
            await DemandFreeAsync(shared.Holder, store, cancellation);
            await DemandNoStoreAsync(store, shared, uid, cancellation);
        }
    }

    /// <summary>Whether the platform says, at this moment,
    /// that it deleted the place of a store that was left.</summary>
    public async Task<bool> IsReleasedAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var known = around.Cluster.Tenants.Authority;
        return around.Cluster.IsReleased(store, known) && around.Cluster.IsReleased(
            store,
            await LiveAsync(
                known.Tenants.FirstOrDefault(tenant =>
                    tenant.Metadata.Name == around.Cluster.RecordOf(store).Trusted?.Tenant), cancellation));
    }

    /// <summary>The platform says, at this moment, that what the first object
    /// of this uid left may be taken back by this one.</summary>
    public async Task DemandConsentAsync(EncryptedStore store, string origin, CancellationToken cancellation)
    {
        var live = await LiveAsync(store.Metadata.Namespace ?? "", cancellation);
        Demand(
            Takeover.Of(store, live.TenantOf(store.Metadata.Namespace ?? "")?.Metadata.Name ?? "", origin,
                live.ConsentFor(store) == origin));
    }

    public async Task DemandConsentAsync(TenantEncryptionKey key, string origin, CancellationToken cancellation)
    {
        var live = await LiveAsync(key.Metadata.Namespace ?? "", cancellation);
        Demand(
            Takeover.Of(key, live.TenantOf(key.Metadata.Namespace ?? "")?.Metadata.Name ?? "", origin,
                live.ConsentFor(key) == origin));
    }

    /// <summary>Of the namespace, as the API server has it.</summary>
    public async Task<string> TenantOfAsync(string ns, CancellationToken cancellation) =>
        (await LiveAsync(ns, cancellation)).TenantOf(ns)?.Metadata.Name ?? "";

    /// <summary>What the platform gives this tenant's keys to be used for, as the API server has it.</summary>
    public async Task<KeyBinding> BindingAsync(string tenant, CancellationToken cancellation)
    {
        var watched = around.Cluster.Tenants.Authority.Tenants.FirstOrDefault(one => one.Metadata.Name == tenant);
        return KeyBindings.Of(tenant, await LiveAsync(watched, cancellation))
            ?? throw new RefusedActException("NoTenant", "the platform says nothing of this tenant at this moment");
    }

    private static void Demand(Ruling ruling)
    {
        if (ruling is Ruling.Refused refused)
        {
            throw new RefusedActException(refused.Reason, refused.Message);
        }
    }

    private void Demand(Takeover taken)
    {
        if (!taken.IsConsented || around.Cluster.Tenants.IsLive(taken.Origin))
        {
            throw new RefusedActException(Takeover.Needed, taken.Message) { NeedsPerson = true };
        }
    }

    /// <summary>No other store was put there, whatever became of its object.</summary>
    private async Task DemandFreeAsync(string holder, EncryptedStore store, CancellationToken cancellation)
    {
        var there = new Selection(around.Options.Namespace,
            $"{RecordCodec.Label}={StoreRecord.Kind},{StoreRecord.PlaceLabel}={StoreRecord.PlaceOf(holder)}");
        await foreach (var page in around.Kube.Api<ConfigMap>().ListAsync(there, cancellation))
        {
            if (page.Items.Any(map =>
                RecordCodec.Peek<StoreRecord>(map) is { } record && StoreNeighbours.IsOthers(record, store)
                    && StorePlace.HolderOf(record.Target) == holder))
            {
                throw new RefusedActException(StoreNeighbours.NotFree, StoreNeighbours.NotFreeMessage);
            }
        }
    }

    /// <summary>No tag of ours calls the source a store's, this one's included.</summary>
    private async Task DemandNoStoreAsync(
        EncryptedStore store, SharedPlace shared, string uid, CancellationToken cancellation)
    {
        if (PlaceRefs.SharedOf(store) is { } source
            && await around.Cloud.Stores.OwnershipAsync(PlaceRefs.AsStore(source, uid),
                cancellation) is StoreOwnership.Ours or StoreOwnership.Stranger)
        {
            throw new RefusedActException(StoreNeighbours.NotFree,
                $"{shared.HolderField}: {StoreNeighbours.NotFreeMessage}");
        }
    }

    /// <summary>The namespace's own Tenant as it is at this moment, beside the others as the watch has them: asking
    /// costs one read, however many there are.</summary>
    private Task<Authority> LiveAsync(string ns, CancellationToken cancellation) =>
        LiveAsync(around.Cluster.Tenants.Authority.TenantOf(ns), cancellation);

    private async Task<Authority> LiveAsync(Tenant? watched, CancellationToken cancellation)
    {
        var known = around.Cluster.Tenants.Authority;
        if (watched is null)
        {
            return known;
        }

        var live = await ReadAsync(watched, cancellation);
        return live?.Metadata.Uid == watched.Metadata.Uid && live?.Metadata.Generation == watched.Metadata.Generation
            && live?.Metadata.DeletionTimestamp is null
            ? known
            : Authority.Of(
                [.. known.Tenants.Where(other => other.Metadata.Name != watched.Metadata.Name), .. live is null ? []
                    : new[] { live }]);
    }

    /// <summary>One that can't be read counts as it stood.</summary>
    private async Task<Tenant?> ReadAsync(Tenant watched, CancellationToken cancellation)
    {
        try
        {
            return await around.Kube.Api<Tenant>().TryGetAsync(watched.Metadata.Key, cancellation);
        }
        catch (KubeException bad) when (bad.Status.IsUnreadable)
        {
            return watched;
        }
    }
}
