using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Kube.Runtime.Controllers;
using Kube.Runtime.Hosting;
using Kube.Runtime.Scheduling;
using Kube.Runtime.Informers;
using Kube.Tests.Runtime.Controllers;
using Kube.Tests.Runtime.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime;

/// <summary>Store, triggers and controller over a socket, on good days and bad ones.</summary>
public sealed class EndToEndTests : IAsyncLifetime
{
    private static readonly TimeSpan fastBackoff = TimeSpan.FromMilliseconds(20);
    private readonly FakeReconciler reconciler = new(new Outcome.Await());
    private Cluster cluster = null!;
    private RunningController running = null!;

    public async ValueTask InitializeAsync()
    {
        var impatient = new KubeClientOptions
        {
            WatchServerTimeout = TimeSpan.FromSeconds(1),
            WatchMargin = TimeSpan.FromSeconds(1),
            MaxAttempts = 1,
        };
        cluster = await Cluster.StartAsync(impatient);
        running = new RunningController(cluster, reconciler);
    }

    [Fact]
    public async Task What_is_there_and_what_comes_is_reconciled()
    {
        await cluster.CreateAsync("old");
        await running.StartAsync();
        await cluster.CreateAsync("new");
        await ReconciledAsync("old", 1);
        await ReconciledAsync("new", 1);
    }

    [Fact]
    public async Task A_dropped_watch_misses_nothing_and_lists_nothing()
    {
        await running.StartAsync();
        var lists = cluster.Server.Counts.GetValueOrDefault("GET things");
        for (var i = 0; i < 5; i++)
        {
            cluster.Server.Faults.DropWatches();
            await cluster.CreateAsync($"t{i}");
            await ReconciledAsync($"t{i}", 1);
        }

        cluster.Server.Counts.GetValueOrDefault("GET things").ShouldBe(lists);
    }

    [Fact]
    public async Task A_delete_behind_an_expired_version_is_noticed()
    {
        await cluster.CreateAsync("a");
        await running.StartAsync();
        await ReconciledAsync("a", 1);
        cluster.Server.Faults.Refuse(503, times: 5,
            which: (method, path) => method == "GET" && path.EndsWith("/things", StringComparison.Ordinal));
        cluster.Server.Faults.DropWatches();
        await cluster.Things.DeleteAsync(new ObjectKey("n", "a"), null, CancellationToken.None);
        await cluster.CreateAsync("b");
        cluster.Server.Compact();
        await ReconciledAsync("a", 2);
        await ReconciledAsync("b", 1);
        running.Informer.Find(new ObjectKey("n", "a")).ShouldBeNull();
    }

    [Fact]
    public async Task A_peer_that_is_gone_without_a_goodbye_is_found_out()
    {
        await running.StartAsync();
        cluster.Server.Faults.FreezeWatches = true;
        await cluster.CreateAsync("a");
        cluster.Server.Faults.FreezeWatches = false; // those that are open stay frozen
        await ReconciledAsync("a", 1);
    }

    [Fact]
    public async Task A_server_that_expires_every_watch_is_listed_again_and_again()
    {
        await running.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            cluster.Server.Faults.ExpireWatches();
            await cluster.CreateAsync($"t{i}");
            await ReconciledAsync($"t{i}", 1);
        }
    }

    [Fact]
    public async Task Of_secrets_only_the_metadata_comes_here()
    {
        var secrets = cluster.Client.Api<Secret>();
        await secrets.CreateAsync(
            new Secret
            {
                Metadata =
                    new() { Namespace = "n", Name = "s", Labels = new Dictionary<string, string> { ["a"] = "b" } },
                Data = new Dictionary<string, byte[]> { ["k"] = [1] },
            },
            CancellationToken.None);
        var store = new Informer<PartialObject<Secret>>(
            cluster.Client.Api<PartialObject<Secret>>(), Selection.Everything, TimeProvider.System,
            NullLogger<Informer<PartialObject<Secret>>>.Instance);
        using var stop = new CancellationTokenSource();
        var life = store.RunAsync(stop.Token);
        await store.WaitForSyncAsync(CancellationToken.None);
        store.Find(new ObjectKey("n", "s"))!.Metadata.Labels!["a"].ShouldBe("b");
        await stop.CancelAsync();
        await life;
    }

    [Fact]
    public async Task Requests_are_counted_by_verb_and_code()
    {
        await using var scrape = await Scrape.StartAsync();
        using var meter = new RequestMeter(TimeProvider.System);
        using var client = new KubeClient(KubeConfig.Parse(cluster.Server.Kubeconfig), observer: meter);
        await client.Api<Thing>().TryGetAsync(new ObjectKey("n", "nobody"), CancellationToken.None);
        (await scrape.SeriesAsync("kube_requests_total"))
            .ShouldContain(line => line.Contains("code=\"404\"") && line.Contains("verb=\"get\""));
    }

    public async ValueTask DisposeAsync()
    {
        await running.DisposeAsync();
        await cluster.DisposeAsync();
    }

    private Task ReconciledAsync(string name, int times) =>
        Eventually.Holds(() => reconciler.Calls(new ObjectKey("n", name)) >= times,
            $"{name} is reconciled {times} times");

    private sealed class RunningController : IAsyncDisposable
    {
        private readonly Controller controller;
        private readonly CancellationTokenSource stop = new();
        private Task life = Task.CompletedTask;

        public RunningController(Cluster cluster, FakeReconciler reconciler)
        {
            var times = new WatchTimes { Backoff = new BackoffPolicy(fastBackoff, fastBackoff * 4) };
            Informer = new Informer<Thing>(
                new KubeWatchSource<Thing>(cluster.Things, new Selection("n")), TimeProvider.System,
                NullLogger<Informer<Thing>>.Instance, new() { Times = times });
            controller = new Controller(
                new ControllerOptions { Name = "things", Triggers = [Trigger.Own(Informer)] }, reconciler,
                TimeProvider.System, NullLogger<Controller>.Instance);
        }

        public Informer<Thing> Informer { get; }

        public async Task StartAsync()
        {
            life = Task.WhenAll(Informer.RunAsync(stop.Token), controller.RunAsync(stop.Token));
            await Informer.WaitForSyncAsync(CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await life;
            controller.Dispose();
            stop.Dispose();
        }
    }
}
