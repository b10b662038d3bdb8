using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Records;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using FakeApiServer;
using Kube.Client;
using Kube.Core.Kinds;
using Kube.Core;
using Kube.Runtime.Controllers;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace ByokOperator.Tests.Hosting;

/// <summary>What observers look at: a cluster with watches on it,
/// and clouds that say what a test wants them to say.</summary>
internal sealed class Lookout : IAsyncDisposable
{
    public const string Namespace = "acme";
    public const string Region = "eu-west-1";
    public const string Arn = "arn:aws:kms:eu-west-1:222222222222:key/1";

    private readonly CancellationTokenSource stop = new();
    private readonly FakeApiServerHost server;
    private readonly List<Task> watching;

    private Lookout(FakeApiServerHost server, KubeClient kube)
    {
        this.server = server;
        Kube = kube;
        var view = new ClusterView(kube, "byok-system", TimeProvider.System, NullLoggerFactory.Instance);
        Policies.RequiredPolicy(default!).ReturnsForAnyArgs("{}");
        Objects.ListVersionsAsync(default!, default!, default, default)
            .ReturnsForAnyArgs(_ => AsyncEnumerable.Empty<ObjectVersion>());
        Around = new OperatorContext(
            view, kube,
            new CloudPorts(Keys, Substitute.For<IImportedKeys>(), Policies, Stores, Objects,
                Substitute.For<IObjectEncryption>()),
            new OperatorOptions(), TimeProvider.System, new PendingWrites(TimeProvider.System), HasIndexedJobs: true);
        Neighbours = new StoreNeighbours(view);
        watching = [.. view.All.Select(store => store.RunAsync(stop.Token))];
    }

    public KubeClient Kube { get; }

    public Faults Faults => server.Faults;

    public ITenantKeys Keys { get; } = Substitute.For<ITenantKeys>();

    public IKeyPolicies Policies { get; } = Substitute.For<IKeyPolicies>();

    public IObjectStores Stores { get; } = Substitute.For<IObjectStores>();

    public IObjectData Objects { get; } = Substitute.For<IObjectData>();

    public OperatorContext Around { get; }

    public StoreNeighbours Neighbours { get; }

    public KeySnapshotCache Board { get; } = new();

    public static async Task<Lookout> StartAsync()
    {
        var server = await FakeApiServerHost.StartAsync();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "crds"), "*.yaml"))
        {
            server.RegisterDefinitions(await File.ReadAllTextAsync(file));
        }

        var lookout = new Lookout(server, new KubeClient(KubeConfig.Parse(server.Kubeconfig)));
        await lookout.Around.Cluster.Records.MacKey.EnsureAsync(lookout.Kube, CancellationToken.None);
        await Task.WhenAll(lookout.Around.Cluster.All.Select(store => store.WaitForSyncAsync(lookout.stop.Token)));
        await lookout.Kube.Api<ByokOperator.Api.Tenant>()
            .ApplyAsync(
                new() { Metadata = new ObjectMeta { Name = Namespace }, Spec = Quickstart.Stage.Anything(Namespace) },
                "test", CancellationToken.None);
        await UntilAsync(() => lookout.Around.Cluster.Tenants.Authority.TenantOf(Namespace) is not null);
        return lookout;
    }

    /// <summary>As the operator follows it.</summary>
    public async Task<TenantEncryptionKey> ApplyKeyAsync()
    {
        var key = await Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "key", Namespace = Namespace },
                Spec = new TenantEncryptionKeySpec
                {
                    AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = Region, Arn = Arn }] },
                },
            },
            "test", CancellationToken.None);
        await UntilAsync(() => Around.Cluster.Keys.Find(key.Metadata.Key) is not null);
        return Around.Cluster.Standing(key);
    }

    public async Task<EncryptedStore> ApplyStoreAsync()
    {
        var store = await Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = "store", Namespace = Namespace },
                Spec = new EncryptedStoreSpec
                {
                    KeyRef = new ByokOperator.Api.KeyReference { Name = "key" },
                    Aws = new AwsStore { Region = Region },
                },
            },
            "test", CancellationToken.None);
        await UntilAsync(() => Around.Cluster.Stores.Find(store.Metadata.Key) is not null);
        return Around.Cluster.Standing(store);
    }

    /// <summary>Puts this in the place of every record's text, and waits until the watch shows it.</summary>
    public async Task SpoilRecordsAsync(string text)
    {
        var standing = (await Kube.Api<ConfigMap>()
            .ListPageAsync(new Selection(null, RecordCodec.Label), null, CancellationToken.None)).Items;
        foreach (var map in standing)
        {
            var patch = new JsonObject { ["data"] = new JsonObject { [RecordCodec.TextEntry] = text } };
            await Kube.Api<ConfigMap>().PatchMergeAsync(map.Metadata.Key, patch, CancellationToken.None);
        }

        await UntilAsync(() =>
            Around.Cluster.Records.Maps.Count == standing.Count
                && Around.Cluster.Records.Maps.List()
                    .All(map => map.Data?.GetValueOrDefault(RecordCodec.TextEntry) == text));
    }

    /// <summary>From now on the watches show what they show now, whatever becomes of the cluster.</summary>
    public async Task StopWatchingAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopWatchingAsync();
        Kube.Dispose();
        await server.DisposeAsync();
        stop.Dispose();
    }
}
