using System.Diagnostics;
using Cluster.Tests.Primitives;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace Cluster.Tests.Moving;

/// <summary>The binding of a namespace's store, as a workload has it:
/// read now and then, and always a little old.</summary>
internal sealed class FollowedBinding(RealCluster cluster, string space) : IDisposable
{
    /// <summary>Seldom enough to cost the API server nothing beside the test.</summary>
    private static readonly TimeSpan age = TimeSpan.FromMilliseconds(500);

    private readonly KubeClient kube = new(KubeConfig.Load(cluster.Administrator.Kubeconfig));
    private volatile Seen? seen;

    public async Task<Seen> CurrentAsync() => seen is { } now && now.Age < age ? now : await AgainAsync();

    /// <summary>As it stands at this moment.</summary>
    public async Task<Seen> AgainAsync()
    {
        var asked = Stopwatch.GetTimestamp();
        var map = await kube.Api<ConfigMap>().GetAsync(new ObjectKey(space, "store-binding"), CancellationToken.None);
        return seen = new(new(map.Data!.ToDictionary(), StringComparer.Ordinal), asked);
    }

    public void Dispose() => kube.Dispose();

    /// <param name="Data">Where the store is.</param>
    /// <param name="Asked">Timestamp of a moment at which it was so, or was about to be.</param>
    public sealed record Seen(SortedDictionary<string, string> Data, long Asked)
    {
        public TimeSpan Age => Stopwatch.GetElapsedTime(Asked);

        public bool LeadsAsDoes(Seen other) => Data.SequenceEqual(other.Data);
    }
}
