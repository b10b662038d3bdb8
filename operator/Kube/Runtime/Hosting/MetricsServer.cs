using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace Kube.Runtime.Hosting;

/// <summary>
/// Serves <c>/metrics</c> on a port of its own, and nothing else: by TLS where there is a certificate, and to those alone
/// whom the API server lets, where it is to be asked.
/// </summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    public const string Path = "/metrics";

    private const string Policy = "reviewed";

    /// <summary>
    /// Of one address: scrapers come a few times a minute, and each token that was not seen lately costs the API server a
    /// review.
    /// </summary>
    private const int PerSecond = 5;

    private const int Burst = 20;

    /// <summary>In hand at a time, over all addresses.</summary>
    private const int MostAtOnce = 8;

    private static readonly TimeSpan stopLimit = TimeSpan.FromSeconds(2);

    private readonly WebApplication app;
    private readonly PartitionedRateLimiter<HttpContext>? limiter;

    private MetricsServer(WebApplication app, PartitionedRateLimiter<HttpContext>? limiter)
    {
        this.app = app;
        this.limiter = limiter;
    }

    /// <summary>With the real port, where 0 was asked for.</summary>
    public string Address => app.Urls.First();

    public static async Task<MetricsServer> StartAsync(
        MetricsOptions options, MeterProvider metrics, TimeProvider time, ILogger logger)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders(); // a scrape every few seconds is not news, and no token is ever to be
        var address = ListenAddress.Parse(options.Listen) ?? throw new FormatException(options.Listen);
        var tls = options is { CertificateFile: { } certificate, KeyFile: { } key }
            ? new TlsFiles(certificate, key, time, logger)
            : null;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, listen => tls?.Secure(listen));
        });
        builder.Services.AddSingleton<IHostLifetime, Passenger>();
        if (options.Reviews is { } kube)
        {
            AddReviews(builder.Services, new AccessReviews(kube, time));
        }

        var app = builder.Build();
        var limiter = options.Reviews is null ? null : Bounds();
        if (limiter is not null)
        {
            app.UseRateLimiter(new RateLimiterOptions
            {
                GlobalLimiter = limiter, RejectionStatusCode = StatusCodes.Status429TooManyRequests,
            });
            app.UseAuthentication();
            app.UseAuthorization();
        }

        var endpoint = Map(app, metrics);
        if (limiter is not null)
        {
            endpoint.RequireAuthorization(Policy);
        }

        await app.StartAsync();
        return new MetricsServer(app, limiter);
    }

    /// <summary>By GET alone.</summary>
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder app, MeterProvider metrics) => app
        .MapPrometheusScrapingEndpoint(Path, metrics, configureBranchedPipeline: null, optionsName: null)
        .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(stopLimit);
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
        if (limiter is not null)
        {
            await limiter.DisposeAsync();
        }
    }

    private static void AddReviews(IServiceCollection services, AccessReviews reviews) => services
        .AddSingleton(reviews)
        .AddSingleton<IAuthorizationHandler, AccessReviewHandler>()
        .AddRateLimiter(_ => { })
        .AddAuthorization(options => options.AddPolicy(
            Policy, policy => policy.RequireAuthenticatedUser().AddRequirements(new AccessReviewed())))
        .AddAuthentication(TokenReviewHandler.SchemeName)
        .AddScheme<AuthenticationSchemeOptions, TokenReviewHandler>(TokenReviewHandler.SchemeName, null);

    private static PartitionedRateLimiter<HttpContext> Bounds() => PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<HttpContext, IPAddress>(call => RateLimitPartition.GetTokenBucketLimiter(
            call.Connection.RemoteIpAddress ?? IPAddress.None,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = Burst,
                TokensPerPeriod = PerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            })),
        PartitionedRateLimiter.Create<HttpContext, string>(_ => RateLimitPartition.GetConcurrencyLimiter(
            "all",
            _ => new ConcurrencyLimiterOptions
            {
                PermitLimit = MostAtOnce,
                QueueLimit = MostAtOnce * 2,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            })));

    /// <summary>Leaves the process's signals to the process: this server ends when the manager says so.</summary>
    private sealed class Passenger : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
