using ByokOperator.Api;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Stores;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Watching;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Hosting;

/// <summary>
/// What the operator watches, once for all controllers: the two kinds; the canaries; of its other children the metadata
/// alone (a Secret's content never reaches memory); and the copy Jobs of its own namespace.
/// </summary>
internal sealed class ClusterView
{
    public ClusterView(KubeClient client, string ns, TimeProvider time, ILoggerFactory logs)
    {
        Keys = Of<TenantEncryptionKey>(Selection.Everything);
        Stores = Of<EncryptedStore>(Selection.Everything);
        Canaries = Of<ConfigMap>(Child(CanaryMap.ChildKind));
        Documents = Of<PartialObject<ConfigMap>>(new Selection(null, $"{Labels.ManagedBy}={Labels.ManagedByValue},{Children.ChildLabel} in (policy,report)"));
        Bindings = Of<PartialObject<Secret>>(Child(Binding.ChildKind));
        Jobs = Of<Job>(new Selection(ns, $"{Children.ChildLabel}={CopyJob.ChildKind}"));
        StoresByKey = Stores.IndexBy(store => store.Spec.KeyRef is { } key ? (IEnumerable<ObjectKey>)[new(store.Metadata.Namespace ?? "", key.Name)] : []);
        JobsByStore = Jobs.IndexBy(job => job.Metadata.Labels?.GetValueOrDefault(Labels.StoreUid) is { } uid ? (IEnumerable<string>)[uid] : []);

        Store<T> Of<T>(Selection selection)
            where T : class, IResource<T> =>
            new(client.Api<T>(), selection, time, logs.CreateLogger<Store<T>>());
    }

    public Store<TenantEncryptionKey> Keys { get; }

    public Store<EncryptedStore> Stores { get; }

    public Store<ConfigMap> Canaries { get; }

    /// <summary>Policies and reports, metadata only.</summary>
    public Store<PartialObject<ConfigMap>> Documents { get; }

    public Store<PartialObject<Secret>> Bindings { get; }

    public Store<Job> Jobs { get; }

    public StoreIndex<ObjectKey, EncryptedStore> StoresByKey { get; }

    public StoreIndex<string, Job> JobsByStore { get; }

    public IReadOnlyList<IStore> All => [Keys, Stores, Canaries, Documents, Bindings, Jobs];

    private static Selection Child(string kind) => new(null, $"{Labels.ManagedBy}={Labels.ManagedByValue},{Children.ChildLabel}={kind}");
}
