using ByokOperator.Cluster;
using FakeApiServer;
using Kube.Client;
using Kube.Core;
using Kube.Runtime.Scheduling;
using Kube.Runtime.Informers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fuzz.Cluster;

/// <summary>The operator's stores, which show what was written when the input lets them.</summary>
internal sealed class Watches(ApiServerCore server, KubeClient client, TimeProvider time) : IStoreSource
{
    private static readonly WatchTimes atOnce =
        new() { Backoff = new BackoffPolicy(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), Jitter: 0) };

    private readonly List<IFollowing> sources = [];

    public Informer<T> Of<T>(Selection selection, InformerOptions<T> options, int pageSize)
        where T : class, IResource<T>
    {
        var source = new FollowingSource<T>(server, new KubeWatchSource<T>(client.Api<T>(), selection, pageSize));
        sources.Add(source);
        return new Informer<T>(source, time, NullLogger<Informer<T>>.Instance, options with { Times = atOnce });
    }

    public void CatchUp() => sources.ForEach(source => source.CatchUp());
}
