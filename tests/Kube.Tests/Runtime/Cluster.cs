using FakeApiServer;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace Kube.Tests.Runtime;

/// <summary>A fake apiserver that knows Things, and a client of it.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private Cluster(FakeApiServerHost server, KubeClient client)
    {
        Server = server;
        Client = client;
    }

    public FakeApiServerHost Server { get; }

    public KubeClient Client { get; }

    public KubeApi<Thing> Things => Client.Api<Thing>();

    public static async Task<Cluster> StartAsync(KubeClientOptions? options = null)
    {
        var server = await FakeApiServerHost.StartAsync();
        server.Register(new Resource(
            Thing.Kind.Group, Thing.Kind.Version, Thing.Kind.Kind, Thing.Kind.Plural, HasStatus: true,
            HasGeneration: true));
        var cluster = new Cluster(server, Connect(server, options));
        foreach (var ns in (string[])["n", "default"])
        {
            await cluster.Client.Api<NamespaceObject>()
                .ApplyAsync(new() { Metadata = new() { Name = ns } }, "test", CancellationToken.None);
        }

        return cluster;
    }

    /// <summary>One more client, as another process would have.</summary>
    public KubeClient Connect(KubeClientOptions? options = null) => Connect(Server, options);

    public Task<Thing> CreateAsync(string name, string? spec = null) =>
        Things.CreateAsync(new Thing { Metadata = new() { Namespace = "n", Name = name }, Spec = spec },
            CancellationToken.None);

    public Task<Thing> GetAsync(string name) => Things.GetAsync(new ObjectKey("n", name), CancellationToken.None);

    public int Writes(string plural) =>
        Server.Counts.Where(count =>
            count.Key.EndsWith(" " + plural, StringComparison.Ordinal)
                && !count.Key.StartsWith("GET", StringComparison.Ordinal)
                && !count.Key.StartsWith("WATCH", StringComparison.Ordinal))
            .Sum(count => count.Value);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    private static KubeClient Connect(FakeApiServerHost server, KubeClientOptions? options) =>
        new(KubeConfig.Parse(server.Kubeconfig), options);
}
