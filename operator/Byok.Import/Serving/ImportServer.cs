using Kube.Runtime.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Byok.Import.Serving;

/// <summary>
/// The import API's listener. A call goes, in this order, past the audit, its address' bucket, the places for calls in
/// hand, the look at its API key, its tenant's bucket, and whether the path is the key's.
/// </summary>
public sealed class ImportServer(
    ServingOptions options, ApiKeys keys, ImportCalls calls, TimeProvider time, ILoggerFactory logs) : IRunnable
{
    /// <summary>What asks for a public key: the vendor's path, and ours.</summary>
    public static readonly string[] RequestPaths =
        ["/!/ems/enterprises/{eid}/cmk/import-key-request", "/v1/namespaces/{ns}/keys/{name}/import-request"];

    public static readonly string[] UploadPaths =
        ["/!/ems/enterprises/{eid}/cmk/import-key", "/v1/namespaces/{ns}/keys/{name}/import"];

    public const string DescriptionPath = "/openapi.json";

    private const int MostConnections = 1024;
    private const int MostHeaderBytes = 8 * 1024;

    private static readonly TimeSpan headersWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan stopWithin = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<string> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "import API";

    /// <summary>With the real port, where 0 was asked for; completes when it answers.</summary>
    public Task<string> Listening => listening.Task;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var verified = new VerifiedKeys();
        using var limits = new CallLimits(options, verified);
        await using var app = Build(limits, verified);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception failed)
        {
            listening.TrySetException(failed);
            throw;
        }

        listening.TrySetResult(app.Urls.First());
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var limit = new CancellationTokenSource(stopWithin);
        await app.StopAsync(limit.Token);
    }

    private WebApplication Build(CallLimits limits, VerifiedKeys verified)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // the audit line says what is to be said, and the framework's lines would show addresses as they came
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(Configure);
        builder.Services.AddSingleton<IHostLifetime, NoopHostLifetime>().AddSingleton(keys).AddSingleton(verified)
            .AddSingleton<IProblemDetailsWriter, ProblemWriter>().AddProblemDetails()
            .AddRateLimiter(_ => { }).AddRequestTimeouts(Timeouts).AddAuthorization()
            .AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthenticationHandler>(ApiKey.Scheme, null);
        var app = builder.Build();
        var audit = new AuditLog(time, logs.CreateLogger<AuditLog>());
        app.UseRouting();
        app.Use(next => context => audit.RecordAsync(context, next));
        app.UseStatusCodePages(pages =>
            ProblemWriter.RefuseAsync(pages.HttpContext, ProblemOf(pages.HttpContext.Response.StatusCode)));
        app.UseRequestTimeouts();
        app.UseRateLimiter(limits.BeforeAuthentication);
        app.UseRateLimiter(limits.Concurrency);
        app.UseAuthentication();
        app.UseRateLimiter(limits.PerTenant);
        app.UseAuthorization();
        new ImportEndpoints(calls).MapTo(app);
        return app;
    }

    private void Timeouts(RequestTimeoutOptions timeouts) => timeouts.DefaultPolicy = new RequestTimeoutPolicy
    {
        Timeout = options.CallTimeout,
        WriteTimeoutResponse = context => ProblemWriter.RefuseAsync(context, ImportProblem.Unavailable),
    };

    private static ImportProblem ProblemOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => ImportProblem.NoSuchPath,
        StatusCodes.Status405MethodNotAllowed => ImportProblem.MethodWrong,
        _ => ImportProblem.Broken,
    };

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = UploadBody.MostBytes;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
        kestrel.Limits.RequestHeadersTimeout = headersWithin;
        var address = ListenAddress.Parse(options.Listen) ?? throw new FormatException(options.Listen);
        var tls = options is { CertificateFile: { } certificate, KeyFile: { } key }
            ? new ReloadingCertificate(certificate, key, time, logs.CreateLogger<ReloadingCertificate>()) : null;
        kestrel.Listen(address, listen => tls?.Secure(listen));
    }
}
