using Kube.Runtime.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kube.Tests.Runtime.Watching;

/// <summary>A store that a test feeds.</summary>
internal sealed class FedStore : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    public FedStore(TimeProvider time, StoreOptions<Thing>? options = null) =>
        Store = new Store<Thing>(Source, time, NullLogger<Store<Thing>>.Instance, options);

    public FakeSource Source { get; } = new();

    public Store<Thing> Store { get; }

    /// <summary>Runs it; what the source says is what it hears.</summary>
    public void Start() => running = Store.RunAsync(stop.Token);

    /// <summary>Runs it until it has these, at version 5.</summary>
    public async Task SyncAsync(params Thing[] items)
    {
        Start();
        Source.Page("5", null, items);
        await Store.WaitForSyncAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }
}
