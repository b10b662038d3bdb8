using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Kube.Core;

namespace ByokOperator.Places;

/// <summary>Acts on what tenants' workloads see: the binding, and whether they run.</summary>
internal sealed class BindingActs(OperatorContext around, KeyProofGuard gate)
{
    private readonly WorkloadActs workloads = new(around);
    private readonly StoreRecords records = new(around);

    /// <summary>Makes or mends the binding; refused unless the key proves itself at this moment,
    /// and unless it would say what was decided.</summary>
    public async Task BindAsync(
        EncryptedStore store, string content, string? receipt, KeyPin? pin, CancellationToken cancellation)
    {
        var key = await gate.DemandAsync(store, pin, cancellation);
        if (Binding.ExpectedHash(store, key.Identity) != content)
        {
            throw new RefusedActException("SpecChanged",
                "the binding that was decided on is not the one that this spec asks for");
        }

        await around.Children.ApplyAsync(Binding.For(store, key.Identity, receipt), cancellation);
    }

    /// <summary>Makes or mends the binding of a store that names no key, as both stand at this moment.</summary>
    public async Task PointAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var live = await records.LiveAsync(store, cancellation);
        if (live.Spec.KeyRef is not null || live.Spec.Shared is null)
        {
            throw new RefusedActException("SpecChanged", "the spec names a key by now, or no shared place");
        }

        if (around.Cluster.RecordOf(store) is { Fault: not null } or { Parsed.Place: not null })
        {
            throw AlreadyPlaced();
        }

        var places =
            StorePlaces.Of(live with { Tenant = store.Tenant, Origin = store.Origin }, key: null, around.Cluster);
        var whose = await around.Cloud.Stores.OwnershipAsync(places.Spec(versioned: false), cancellation);
        if (PlaceRefs.MayBeOwn(whose, Finalizers.Has(live.Metadata, Labels.Finalizer)))
        {
            throw AlreadyPlaced(); // by a record that was lost
        }

        await around.Children.ApplyAsync(Binding.ForShared(live), cancellation);
    }

    /// <summary>Leads workloads back to the shared place, on that receipt;
    /// refused unless it would say what was decided.</summary>
    public async Task LeadBackAsync(
        EncryptedStore store, string content, string receipt, CancellationToken cancellation)
    {
        if (Binding.SharedHash(store) != content)
        {
            throw new RefusedActException("SpecChanged",
                "the binding that was decided on is not the one that this spec asks for");
        }

        await around.Children.ApplyAsync(Binding.ForShared(store, receipt), cancellation);
    }

    private static RefusedActException AlreadyPlaced() =>
        new("AlreadyPlaced",
            "something was put somewhere for this store, or may have been: its binding is not led away from that");

    public Task RemoveAsync(EncryptedStore store, CancellationToken cancellation) =>
        around.Children.UnbindAsync(store, cancellation);

    public Task SuspendAsync(EncryptedStore store, CancellationToken cancellation) =>
        workloads.SuspendAsync(store, cancellation);

    public Task ResumeAsync(EncryptedStore store, CancellationToken cancellation) =>
        workloads.ResumeAsync(store, cancellation);
}
