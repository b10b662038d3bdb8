using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Cloud.Keys;

namespace ByokOperator.Places;

/// <summary>Grants to a store's workloads, on keys of the platform's own.</summary>
internal sealed class GrantActs(OperatorContext around, KeyProofGuard gate)
{
    private readonly StoreRecords records = new(around);
    private readonly AuthorityGate authority = new(around);

    /// <summary>Lets in whom the platform names at this moment, and nobody else.</summary>
    public async Task RestoreAsync(
        EncryptedStore store, StorePlaces places, KeyPin pin, CancellationToken cancellation)
    {
        var key = await gate.DemandAsync(store, pin, cancellation);
        if ((await authority.BindingAsync(store.Tenant, cancellation)).Workloads.Aws is not { } role)
        {
            await RevokeAsync(store, places, cancellation);
            return;
        }

        var grant = new GrantSpec(StoreNames.Grant(store), role);
        var keys = StoreGrants.RefsOf(store, around.Cluster) is { Blindness: { } untold }
            ? throw new RefusedActException(untold,
                "nobody can tell which key it is that objects of the store stand under")
            : StoreGrants.RefsOf(store, around.Cluster).ForDisplay()!;
        foreach (var one in keys.Prepend(key).Where(one => one is { IsOurs: true, Id.Length: > 0 })
            .DistinctBy(one => one.Identity))
        {
            if (await around.Cloud.Keys.EnsureGrantAsync(one, grant, cancellation) is { } id)
            {
                await records.GrantAsync(store, one, id, cancellation);
            }
        }
    }

    public async Task RevokeAsync(EncryptedStore store, StorePlaces places, CancellationToken cancellation)
    {
        var record = around.Cluster.RecordOf(store);
        var keys = StoreGrants.AreUntold(store, around.Cluster)
            ? StoreGrants.Told(
                (await around.Cloud.Stores.DescribeAsync(places.Spec(versioned: false), cancellation)).ObservedKeyId)
            : StoreGrants.Of(store, places.Key, around.Cluster);
        foreach (var (key, known) in keys)
        {
            await around.Cloud.Keys.RevokeGrantAsync(key, StoreNames.Grant(store), known, cancellation);
        }

        await records.UngrantAsync(store, record, cancellation);
    }
}
