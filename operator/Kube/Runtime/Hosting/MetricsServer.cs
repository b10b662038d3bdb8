using System.Globalization;
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
/// Serves <c>/metrics</c> on a port of its own, and nothing else: by TLS where there is a certificate, and to those
/// alone whom the API server lets, where it is to be asked.
/// </summary>
internal sealed class MetricsServer(
    MetricsOptions? options, MeterProvider metrics, TimeProvider time, ILogger<MetricsServer> logger)
    : IHostedService, IAsyncDisposable
{
    public const string Path = "/metrics";

    private const string Policy = "reviewed";

    /// <summary>
    /// Of one address: scrapers come a few times a minute, and each token that was not seen lately costs the API server
    /// a review.
    /// </summary>
    private const int PerSecond = 5;

    private const int Burst = 20;

    /// <summary>In hand at a time, over all addresses.</summary>
    private const int MostAtOnce = 8;

    private WebApplication? app;
    private PartitionedRateLimiter<HttpContext>? limiter;

    /// <summary>With the real port, where 0 was asked for; null where there is none.</summary>
    public string? Address => app?.Urls.First();

    /// <summary>Does nothing where no port was asked for.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options is not null)
        {
            limiter = options.Reviews is null ? null : Bounds();
            app = Build(options);
            await app.StartAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>By GET alone.</summary>
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder app, MeterProvider metrics) => app
        .MapPrometheusScrapingEndpoint(Path, metrics, configureBranchedPipeline: null, optionsName: null)
        .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        if (limiter is not null)
        {
            await limiter.DisposeAsync();
        }
    }

    private WebApplication Build(MetricsOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders(); // a scrape every few seconds is not news, and no token is ever to be
        var address = ListenAddress.Parse(options.Listen) ?? throw new FormatException(options.Listen);
        var tls = options is { CertificateFile: { } certificate, KeyFile: { } key }
            ? new ReloadingCertificate(certificate, key, time, logger)
            : null;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0; // nothing here takes one
            kestrel.Listen(address, listen => tls?.Secure(listen));
        });
        builder.Services.AddSingleton<IHostLifetime, NoopHostLifetime>();
        if (options.Reviews is { } kube)
        {
            AddReviews(builder.Services, new AccessReviews(kube, time));
        }

        var built = builder.Build();
        if (limiter is not null)
        {
            built.UseRateLimiter(new RateLimiterOptions
            {
                GlobalLimiter = limiter, RejectionStatusCode = StatusCodes.Status429TooManyRequests,
            });
            built.UseAuthentication();
            built.UseAuthorization();
        }

        var endpoint = Map(built, metrics);
        if (limiter is not null)
        {
            endpoint.RequireAuthorization(Policy);
        }

        return built;
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
}

/// <summary>Where a listener of ours stands, as a flag says it: an address, or <c>localhost</c>, with a port.</summary>
public static class ListenAddress
{
    /// <summary>Null for what is no address with a port.</summary>
    public static IPEndPoint? Parse(string listen)
    {
        var colon = listen.LastIndexOf(':');
        var host = colon > 0 ? listen[..colon] : "";
        return !ushort.TryParse(listen.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? null
            : host == "localhost" ? new IPEndPoint(IPAddress.Loopback, port)
            : IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port)
            : null;
    }
}
