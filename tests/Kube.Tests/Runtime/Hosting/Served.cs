using Kube.Runtime.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kube.Tests.Runtime.Hosting;

/// <summary>A manager in a host, as programs run it.</summary>
internal sealed class Served : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly WebApplication app;

    private Served(WebApplication app)
    {
        this.app = app;
        Running = app.MapKubernetesOperator().RunManagerAsync(stop.Token);
    }

    public Task<int> Running { get; }

    public Uri Address => new(app.Urls.First());

    /// <summary>Of metrics alone, where these have a port of their own.</summary>
    public Uri Metrics => new(app.Services.GetRequiredService<MetricsServer>().Address!);

    /// <summary>Ends when it answers.</summary>
    public static async Task<Served> StartAsync(
        Manager manager, TimeProvider time, MetricsOptions? metrics = null, params string[] meters)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(time);
        builder.AddKubernetesOperator(
            _ => new OperatorEndpoints { Listen = "http://127.0.0.1:0", Metrics = metrics, Meters = meters },
            (_, _) => Task.FromResult(manager));
        var served = new Served(builder.Build());
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var answers = served.app.Lifetime.ApplicationStarted.Register(started.SetResult);
        await await Task.WhenAny(started.Task, served.Running);
        return served;
    }

    public Task StopAsync() => stop.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Running;
        await app.DisposeAsync();
        stop.Dispose();
    }
}
