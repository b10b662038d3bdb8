using Kube.Runtime.Informers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kube.Tests.Runtime.Informers;

/// <summary>A store that a test feeds.</summary>
internal sealed class FedStore : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    public FedStore(TimeProvider time, InformerOptions<Thing>? options = null) =>
        Informer = new Informer<Thing>(Source, time, NullLogger<Informer<Thing>>.Instance, options);

    public FakeSource Source { get; } = new();

    public Informer<Thing> Informer { get; }

    /// <summary>Runs it; what the source says is what it hears.</summary>
    public void Start() => running = Informer.RunAsync(stop.Token);

    /// <summary>Runs it until it has these, at version 5.</summary>
    public async Task SyncAsync(params Thing[] items)
    {
        Start();
        Source.Page("5", null, items);
        await Informer.WaitForSyncAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }
}
