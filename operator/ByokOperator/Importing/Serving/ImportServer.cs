using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Kube.Runtime.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Importing.Serving;

/// <summary>The import API's listener: its own port, its own limits, on every replica.</summary>
internal sealed class ImportServer(ServingOptions options, Reception reception, ImportCalls calls, TlsFiles? tls) : IRunnable
{
    /// <summary>What asks for a public key: the vendor's path, and ours.</summary>
    public static readonly string[] RequestPaths = ["/!/ems/enterprises/{eid}/cmk/import-key-request", "/v1/namespaces/{ns}/keys/{name}/import-request"];

    public static readonly string[] UploadPaths = ["/!/ems/enterprises/{eid}/cmk/import-key", "/v1/namespaces/{ns}/keys/{name}/import"];

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
        await using var app = Build();
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

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders(); // the audit line says what is to be said, and the framework's lines would show addresses as they came
        builder.Services.AddSingleton<IHostLifetime, Passenger>();
        builder.WebHost.ConfigureKestrel(Configure);
        var app = builder.Build();
        app.Use(next => context => reception.AuditAsync(context, next));
        foreach (var route in RequestPaths)
        {
            app.MapPut(route, context => reception.ServeAsync(context, route, RequestAsync));
        }

        foreach (var route in UploadPaths)
        {
            app.MapPost(route, context => reception.ServeAsync(context, route, UploadAsync));
        }

        app.MapGet(DescriptionPath, OpenApi.ServeAsync);
        return app;
    }

    /// <summary>A body means nothing here: curl sends an empty form, other clients none at all.</summary>
    private Task<Reply> RequestAsync(HttpContext context, Call call, ApiKeyRecord caller, CancellationToken cancellation) => calls.RequestAsync(call, caller, cancellation);

    private async Task<Reply> UploadAsync(HttpContext context, Call call, ApiKeyRecord caller, CancellationToken cancellation)
    {
        if (!context.Request.HasJsonContentType())
        {
            return new Reply.No(ImportProblem.MediaTypeWrong);
        }

        var buffer = new byte[UploadBody.MostBytes + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        if (length > UploadBody.MostBytes)
        {
            return new Reply.No(ImportProblem.BodyTooLarge);
        }

        var (body, problem) = UploadBody.Read(buffer.AsSpan(0, length));
        return body is null ? new Reply.No(problem!) : await calls.UploadAsync(call, caller, body, cancellation);
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = UploadBody.MostBytes;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
        kestrel.Limits.RequestHeadersTimeout = headersWithin;
        var (address, port) = Split(options.Listen);
        kestrel.Listen(address, port, listen =>
        {
            if (tls is not null)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(Handshake(tls)) });
            }
        });
    }

    private static SslServerAuthenticationOptions Handshake(TlsFiles tls) => new()
    {
        ServerCertificateContext = tls.Current(),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };

    private static (IPAddress Address, int Port) Split(string listen)
    {
        var colon = listen.LastIndexOf(':');
        var host = listen[..colon];
        return (host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(host), int.Parse(listen.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    /// <summary>Leaves the process's signals to the process: this server ends when the manager says so.</summary>
    private sealed class Passenger : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
