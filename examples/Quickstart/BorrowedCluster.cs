using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace Quickstart;

/// <summary>
/// Somebody's cluster, for the length of a run: names that collide with nothing, a look at what is missing before
/// anything is made, and everything taken away again, what an earlier run left behind among it.
/// </summary>
internal sealed class BorrowedCluster(KubeClient kube, TimeProvider time)
{
    /// <summary>On every namespace and Tenant that a run makes; its value is the run.</summary>
    private const string Mark = "byok.dev/quickstart";

    private const string Prefix = "byok-quickstart-";
    private const string SystemSuffix = "-system";

    private readonly List<string> made = [];

    /// <summary>Begins every name of this run: <c>byok-quickstart-</c> and eight random digits.</summary>
    public string Run { get; } =
        $"{Prefix}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";

    /// <summary>Where this run's operator keeps its lease and its records.</summary>
    public string SystemNamespace => Run + SystemSuffix;

    public Dictionary<string, string> Labels => new() { [Mark] = Run };

    /// <summary>What has to be there, and what must not be. Changes nothing but what an earlier run left.</summary>
    /// <exception cref="InvalidOperationException">The cluster is not fit; says how to mend that.</exception>
    public async Task PrepareAsync()
    {
        await DemandKindAsync<Tenant>();
        await DemandKindAsync<TenantEncryptionKey>();
        await DemandKindAsync<EncryptedStore>();
        await DemandNoOperatorAsync();
        await foreach (var page in kube.Api<NamespaceObject>().ListAsync(new(Labels: Mark), CancellationToken.None))
        {
            foreach (var left in page.Items.Where(IsOfARun))
            {
                await RemoveAsync(left.Metadata.Name!);
            }
        }
    }

    /// <exception cref="InvalidOperationException">One of that name is there already:
    /// nobody's is used, so that none is taken away.</exception>
    public async Task MakeNamespaceAsync(string name)
    {
        if (await kube.Api<Tenant>().TryGetAsync(new ObjectKey("", name), CancellationToken.None) is not null)
        {
            throw new InvalidOperationException(
                $"a Tenant {name} is there already: give --namespace another name, or leave it out");
        }

        try
        {
            await kube.Api<NamespaceObject>().CreateAsync(
                new NamespaceObject { Metadata = new ObjectMeta { Name = name, Labels = Labels } },
                CancellationToken.None);
            made.Add(name);
        }
        catch (KubeException refused) when (refused.Status.IsAlreadyExists)
        {
            throw new InvalidOperationException(
                $"the namespace {name} is there already: give --namespace another name, or leave it out");
        }
    }

    /// <summary>As far as the cluster lets it. What could not be taken away is named,
    /// with the command that does.</summary>
    public async Task<IReadOnlyList<string>> TakeAwayAsync()
    {
        List<string> left = [];
        foreach (var name in made)
        {
            try
            {
                await RemoveAsync(name);
            }
            catch (Exception failed) when (failed is KubeException or HttpRequestException)
            {
                left.Add(
                    $"namespace {name} is left ({failed.Message}): run the quick start again, or kubectl delete it");
            }
        }

        return left;
    }

    private async Task DemandKindAsync<T>()
        where T : class, IResource<T>
    {
        try
        {
            await kube.Api<T>().ListPageAsync(Selection.Everything, null, CancellationToken.None, new PageSize(1));
        }
        catch (KubeException refused) when (refused.Status.IsNotFound)
        {
            throw new InvalidOperationException(
                $"the cluster does not know the kind {T.Kind.Kind}: kubectl apply --server-side -f crds/");
        }
        catch (KubeException refused) when (refused.Status.Code == 403)
        {
            throw new InvalidOperationException(
                $"this kubeconfig may not list {T.Kind.Plural}: the quick start needs an administrator of the cluster");
        }
    }

    /// <summary>An operator looks after every namespace, the quick start's among them,
    /// and would ask real clouds.</summary>
    private async Task DemandNoOperatorAsync()
    {
        var name = new LeaseOptions().Name;
        await foreach (var page in kube.Api<Lease>().ListAsync(Selection.Everything, CancellationToken.None))
        {
            if (page.Items.FirstOrDefault(lease => lease.Metadata.Name == name && IsHeld(lease)) is { } held)
            {
                throw new InvalidOperationException(
                    held.Metadata.Namespace!.EndsWith(SystemSuffix, StringComparison.Ordinal)
                        && held.Metadata.Namespace.StartsWith(Prefix, StringComparison.Ordinal)
                        ? $"another quick start runs on this cluster, or ended within the last "
                            + $"{held.Spec.LeaseDurationSeconds} s: try again then"
                        : $"an operator runs in the namespace {held.Metadata.Namespace} ({held.Spec.HolderIdentity} "
                            + "holds its lease) and would take the quick start's objects for its own: use a cluster "
                            + "without one");
            }
        }
    }

    /// <summary>By its name too: a label alone, which somebody may have put on a namespace of theirs,
    /// takes nothing away.</summary>
    private static bool IsOfARun(NamespaceObject ns) =>
        ns.Metadata is { DeletionTimestamp: null, Name: { } name }
            && ns.Metadata.Labels?.GetValueOrDefault(Mark) is { } run
            && run.StartsWith(Prefix, StringComparison.Ordinal) && name.StartsWith($"{run}-", StringComparison.Ordinal);

    private bool IsHeld(Lease lease) =>
        lease.Spec is { HolderIdentity.Length: > 0, RenewTime: { } renewed, LeaseDurationSeconds: { } seconds }
            && time.GetUtcNow() - renewed < TimeSpan.FromSeconds(seconds);

    /// <summary>What held the objects was the embedded cloud, which is gone:
    /// nothing is left for their finalizers to wait for.</summary>
    private async Task RemoveAsync(string ns)
    {
        await kube.Api<Tenant>().DeleteAsync(new ObjectKey("", ns), null, CancellationToken.None);
        await ReleaseAsync<EncryptedStore>(ns);
        await ReleaseAsync<TenantEncryptionKey>(ns);
        await kube.Api<NamespaceObject>().DeleteAsync(new ObjectKey("", ns), null, CancellationToken.None);
    }

    private async Task ReleaseAsync<T>(string ns)
        where T : class, IResource<T>
    {
        var api = kube.Api<T>();
        await foreach (var page in api.ListAsync(new Selection(ns), CancellationToken.None))
        {
            foreach (var item in page.Items)
            {
                try
                {
                    await api.PatchMergeAsync(item.Metadata.Key,
                        new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } },
                        CancellationToken.None);
                }
                catch (KubeException gone) when (gone.Status.IsNotFound)
                {
                    // Gone meanwhile: what was wanted.
                }
            }
        }
    }
}
