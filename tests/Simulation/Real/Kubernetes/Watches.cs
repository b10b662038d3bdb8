using ByokOperator.Cluster;
using FakeApiServer;
using Kube.Client;
using Kube.Core;
using Kube.Runtime.Scheduling;
using Kube.Runtime.Informers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Simulation.Real.Kubernetes;

/// <summary>The stores of one process, as far behind as the run wants each of them to be.</summary>
internal sealed class Watches(ApiServerCore server, KubeClient client, TimeProvider time) : IStoreSource
{
    /// <summary>A watch that was ended is opened again at the same moment in every run of a seed.</summary>
    private static readonly WatchTimes steady =
        new() { Backoff = new BackoffPolicy(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(20), Jitter: 0) };

    private readonly List<ILagging> sources = [];

    public IReadOnlyList<ILagging> Sources => sources;

    public Informer<T> Of<T>(Selection selection, InformerOptions<T> options, int pageSize)
        where T : class, IResource<T>
    {
        var source =
            new LaggingSource<T>(server, new KubeWatchSource<T>(client.Api<T>(), selection, pageSize), selection);
        sources.Add(source);
        return new Informer<T>(source, time, NullLogger<Informer<T>>.Instance, options with { Times = steady });
    }

    public void CatchUp()
    {
        foreach (var source in sources)
        {
            source.CatchUp();
        }
    }
}
