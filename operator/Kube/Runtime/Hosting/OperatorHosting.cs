using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace Kube.Runtime.Hosting;

/// <summary>
/// A <see cref="Manager"/> in an ASP.NET Core host, which serves <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>:
/// add it to a builder, map it, run it.
/// </summary>
public static class OperatorHosting
{
    private const string Live = "live";
    private const string Ready = "ready";

    /// <summary>For what is still being served when everything else has ended.</summary>
    private static readonly TimeSpan stopLimit = TimeSpan.FromSeconds(2);

    /// <summary>Registers the manager as a hosted service, its health checks, and what its meters measure.</summary>
    /// <param name="builder">Whose logging is the caller's.</param>
    /// <param name="endpoints">Asked for when the host is mapped.</param>
    /// <param name="wire">Puts the parts together while the host starts. What it throws ends the start.</param>
    public static WebApplicationBuilder AddKubernetesOperator(
        this WebApplicationBuilder builder,
        Func<IServiceProvider, OperatorEndpoints> endpoints,
        Func<IServiceProvider, CancellationToken, Task<Manager>> wire)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0; // nothing here takes one
        });
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services
            .AddSingleton<IHostLifetime, NoopHostLifetime>()
            .AddSingleton<OperatorEndpoints>(endpoints)
            .AddSingleton(services => MetricsPipeline.Start(services.GetRequiredService<OperatorEndpoints>()))
            .AddSingleton(services =>
                new HostedOperator(services, wire, services.GetRequiredService<IHostApplicationLifetime>()))
            .AddSingleton(services => new MetricsServer(
                services.GetRequiredService<OperatorEndpoints>().Metrics,
                services.GetRequiredService<MeterProvider>(),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<MetricsServer>>()))
            .AddHostedService(services => services.GetRequiredService<HostedOperator>())
            .AddHostedService(services => services.GetRequiredService<MetricsServer>())
            .AddHealthChecks()
            .Add(Check(Live, manager => manager.Problems()))
            .Add(Check(Ready, manager => manager.Unready()));
        return builder;
    }

    /// <summary>Says where the host listens, and what is served there.</summary>
    public static WebApplication MapKubernetesOperator(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var endpoints = app.Services.GetRequiredService<OperatorEndpoints>();
        app.Urls.Add(endpoints.Listen);
        MapHealth(app, "/healthz", Live);
        MapHealth(app, "/readyz", Ready);
        if (endpoints.Metrics is null)
        {
            MetricsServer.Map(app, app.Services.GetRequiredService<MeterProvider>());
        }

        return app;
    }

    /// <summary>
    /// Runs until cancelled, until leadership is lost, or until a part fails; returns one of <see cref="ExitCodes"/>.
    /// The parts stop first, while the host still tells how they are.
    /// </summary>
    public static async Task<int> RunManagerAsync(this WebApplication app, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(app);
        await using var asked = cancellation.Register(app.Lifetime.StopApplication);
        await app.StartAsync(cancellation);
        try
        {
            return await app.Services.GetRequiredService<HostedOperator>().Running;
        }
        finally
        {
            using var limit = new CancellationTokenSource(stopLimit);
            await app.StopAsync(limit.Token);
        }
    }

    private static HealthCheckRegistration Check(string name, Func<Manager, IReadOnlyList<string>> troubles) => new(
        name,
        services => new ManagerHealth(services.GetRequiredService<HostedOperator>(), troubles),
        HealthStatus.Unhealthy,
        tags: null);

    /// <summary>By GET alone.</summary>
    private static void MapHealth(WebApplication app, string path, string check)
    {
        var options = new HealthCheckOptions { Predicate = one => one.Name == check, ResponseWriter = WriteAsync };
        app.MapHealthChecks(path, options).WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var troubles = report.Entries.Values.Select(entry => entry.Description).OfType<string>();
        var said = report.Status == HealthStatus.Healthy ? "ok" : string.Join('\n', troubles);
        return context.Response.WriteAsync(said + "\n", context.RequestAborted);
    }

    /// <summary>Whether anything is wrong, each trouble in a line of its own.</summary>
    private sealed class ManagerHealth(HostedOperator hosted, Func<Manager, IReadOnlyList<string>> troubles)
        : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var found = troubles(hosted.Manager);
            return Task.FromResult(found.Count == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy(string.Join('\n', found)));
        }
    }
}

/// <summary>Leaves the process's signals to the process: a host of ours ends when it is told to.</summary>
public sealed class NoopHostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
