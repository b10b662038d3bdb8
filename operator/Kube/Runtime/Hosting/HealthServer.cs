using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace Kube.Runtime.Hosting;

/// <summary>Serves <c>/healthz</c>, <c>/readyz</c> and, where that has no port of its own, <c>/metrics</c>; nothing else.</summary>
internal sealed class HealthServer : IAsyncDisposable
{
    private static readonly TimeSpan stopLimit = TimeSpan.FromSeconds(2);

    private readonly WebApplication app;

    private HealthServer(WebApplication app) => this.app = app;

    /// <summary>With the real port, where 0 was asked for.</summary>
    public string Address => app.Urls.First();

    public static async Task<HealthServer> StartAsync(string address, Manager manager, MeterProvider? metrics)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders(); // a probe every few seconds is not news
        builder.Services.AddSingleton<IHostLifetime, Passenger>();
        var app = builder.Build();
        app.Urls.Add(address);
        app.MapGet("/healthz", context => VerdictAsync(context, manager.Ailments()));
        app.MapGet("/readyz", context => VerdictAsync(context, manager.Unready()));
        if (metrics is not null)
        {
            MetricsServer.Map(app, metrics);
        }

        await app.StartAsync();
        return new HealthServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(stopLimit);
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
    }

    private static async Task VerdictAsync(HttpContext context, IReadOnlyList<string> troubles)
    {
        context.Response.StatusCode = troubles.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(troubles.Count == 0 ? "ok\n" : string.Join('\n', troubles) + "\n", context.RequestAborted);
    }

    /// <summary>Leaves the process's signals to the process: this server ends when the manager says so.</summary>
    private sealed class Passenger : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
