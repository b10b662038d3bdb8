using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Stores;

/// <summary>Acts on what tenants' workloads see: the binding, and whether they run.</summary>
internal sealed class BindingActs(Surroundings around, KeyGate gate)
{
    private readonly Workloads workloads = new(around.Kube);

    /// <summary>Makes or mends the binding; refused unless the key proves itself at this moment, and unless it would say what was decided.</summary>
    /// <returns>False where somebody else wrote it meanwhile.</returns>
    public async Task<bool> BindAsync(EncryptedStore store, string content, string? receipt, KeyPin? pin, CancellationToken cancellation)
    {
        var key = await gate.DemandAsync(store, pin, cancellation);
        if (Binding.ExpectedHash(store, key.Identity) != content)
        {
            throw new RefusedActException("SpecChanged", "the binding that was decided on is not the one that this spec asks for");
        }

        var binding = Binding.For(store, key.Identity, receipt);
        var (_, isAlone) = await around.Writes.WriteAsync(binding.Metadata.Key, async () =>
            new PartialObject<ConfigMap> { Metadata = (await around.Kube.Api<ConfigMap>().ApplyAsync(binding, Children.FieldManager, cancellation)).Metadata });
        return isAlone;
    }

    /// <summary>Deletes the ConfigMap that stands now, if it is ours.</summary>
    public async Task RemoveAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var address = new ObjectKey(store.Metadata.Namespace ?? "", StoreNames.Binding(store));
        var api = around.Kube.Api<PartialObject<ConfigMap>>();
        if (await api.TryGetAsync(address, cancellation) is { } live && IsOurs(live.Metadata, store))
        {
            await api.DeleteAsync(address, new DeleteOptions { Uid = live.Metadata.Uid }, cancellation);
        }
    }

    public Task SuspendAsync(EncryptedStore store, CancellationToken cancellation) =>
        store.Spec.Workloads?.Selector is { MatchLabels.Count: > 0 } selector
            ? workloads.SuspendAsync(store.Metadata.Namespace ?? "", selector, cancellation)
            : Task.CompletedTask;

    public Task ResumeAsync(EncryptedStore store, CancellationToken cancellation) =>
        store.Spec.Workloads?.Selector is { MatchLabels.Count: > 0 } selector
            ? workloads.ResumeAsync(store.Metadata.Namespace ?? "", selector, cancellation)
            : Task.CompletedTask;

    private static bool IsOurs(ObjectMeta metadata, EncryptedStore store) =>
        metadata.OwnerReferences?.Any(owner => owner.Uid == store.Metadata.Uid) == true;
}
