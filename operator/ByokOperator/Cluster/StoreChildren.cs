using System.Collections.Concurrent;
using ByokOperator.Api;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Cluster;

/// <summary>
/// The binding and the report of each store, read by their expected names: nothing in tenants' namespaces is watched.
/// Of what was seen there the version is remembered, so that a probe, which comes by more often than a look does, can
/// tell whether the store has to look again.
/// </summary>
internal sealed class StoreChildren(KubeClient kube)
{
    private readonly ConcurrentDictionary<ObjectKey, string?> versions = new();
    private readonly ConcurrentDictionary<ObjectKey, long> turns = new();
    private long turn;

    /// <summary>Null where none stands, or one of that name that is none of this store's.</summary>
    public async Task<BindingFacts?> BindingAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var address = BindingOf(store.Metadata.Key);
        var found = await kube.Api<ConfigMap>().TryGetAsync(address, cancellation);
        Saw(address, found?.Metadata);
        return found is not null && Binding.IsOf(found.Metadata, store) ? Binding.Facts(found, store) : null;
    }

    /// <summary>What the report's ConfigMap is annotated with; null where none stands.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> ReportNotesAsync(
        EncryptedStore store, CancellationToken cancellation)
    {
        var address = ReportOf(store.Metadata.Key);
        var found = await kube.Api<PartialObject<ConfigMap>>().TryGetAsync(address, cancellation);
        Saw(address, found?.Metadata);
        return found?.Metadata.Annotations;
    }

    /// <summary>What stands in the report's place now, whoever wrote it; null where nothing does.</summary>
    public Task<ConfigMap?> ReportAsync(EncryptedStore store, CancellationToken cancellation) =>
        kube.Api<ConfigMap>().TryGetAsync(ReportOf(store.Metadata.Key), cancellation);

    /// <summary>Writes it, whoever owned its fields before.</summary>
    public async Task<ConfigMap> ApplyAsync(ConfigMap child, CancellationToken cancellation)
    {
        var written = await kube.Api<ConfigMap>().ApplyAsync(child, Children.FieldManager, cancellation);
        Saw(written.Metadata.Key, written.Metadata);
        return written;
    }

    /// <summary>Deletes the binding that stands now, if it is the store's.</summary>
    public async Task UnbindAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var address = BindingOf(store.Metadata.Key);
        var api = kube.Api<PartialObject<ConfigMap>>();
        if (await api.TryGetAsync(address, cancellation) is { } live && Binding.IsOf(live.Metadata, store))
        {
            await api.DeleteAsync(address, new DeleteOptions { Uid = live.Metadata.Uid }, cancellation);
            Saw(address, null);
        }
    }

    /// <summary>Somebody wrote or took away one of them since it was last seen.
    /// What nobody has looked at yet did not change.</summary>
    public async Task<bool> HasChangedAsync(ObjectKey store, CancellationToken cancellation)
    {
        turns[store] = Interlocked.Increment(ref turn);
        return await IsOtherAsync(BindingOf(store), cancellation) || await IsOtherAsync(ReportOf(store), cancellation);
    }

    /// <summary>Those first that were asked for longest ago: where there is no time for all,
    /// others come next time.</summary>
    public IEnumerable<ObjectKey> InTurn(IEnumerable<ObjectKey> stores) =>
        stores.OrderBy(store => turns.GetValueOrDefault(store));

    public void Forget(ObjectKey store)
    {
        versions.TryRemove(BindingOf(store), out _);
        versions.TryRemove(ReportOf(store), out _);
        turns.TryRemove(store, out _);
    }

    private async Task<bool> IsOtherAsync(ObjectKey address, CancellationToken cancellation) =>
        versions.TryGetValue(address, out var seen)
        && (await kube.Api<PartialObject<ConfigMap>>().TryGetAsync(address, cancellation))?.Metadata.ResourceVersion
            != seen;

    private void Saw(ObjectKey address, ObjectMeta? metadata) => versions[address] = metadata?.ResourceVersion;

    private static ObjectKey BindingOf(ObjectKey store) => new(store.Namespace, StoreNames.BindingOf(store.Name));

    private static ObjectKey ReportOf(ObjectKey store) => new(store.Namespace, StoreNames.ReportOf(store.Name));
}
