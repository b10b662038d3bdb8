using System.Net;
using System.Security.Cryptography.X509Certificates;
using LocalCloud.Admin;
using LocalCloud.Aws;
using LocalCloud.Azure;
using LocalCloud.Azure.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace LocalCloud;

/// <summary>One process on loopback: a port that speaks KMS, S3 and STS to the real SDKs, and two,
/// with and without TLS, that speak Azure.</summary>
public sealed class LocalCloudServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly AwsCloud aws;
    private readonly AzureCloud azure;
    private readonly X509Certificate2 certificate;
    private readonly AzureProxy proxy;

    private LocalCloudServer(WebApplication application, AwsCloud aws, AzureCloud azure, X509Certificate2 certificate)
    {
        this.application = application;
        this.aws = aws;
        this.azure = azure;
        this.certificate = certificate;
        Admin = new LocalCloudAdmin(aws, azure);
        var addresses = application.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.Select(one => new Uri(one)).ToArray();
        (Url, AzureUrl, AzurePlainUrl) = (addresses[0], addresses[1], addresses[2]);
        proxy = new AzureProxy(AzureUrl.Port, azure.Exists);
    }

    /// <summary>The endpoint of AWS's services: <c>http://127.0.0.1:port</c>.</summary>
    public Uri Url { get; }

    /// <summary>Where Azure's services listen with TLS, told apart by the host that is asked for.</summary>
    public Uri AzureUrl { get; }

    /// <summary>The same without TLS; hosts that aren't Azure's are storage accounts by path:
    /// <c>http://127.0.0.1:port/account/container/blob</c>.</summary>
    public Uri AzurePlainUrl { get; }

    /// <summary>An HTTP proxy for which Azure's real names lead here:
    /// what other processes get as <c>HTTPS_PROXY</c>.</summary>
    public Uri AzureProxyUrl => proxy.Url;

    public LocalCloudAdmin Admin { get; }

    /// <summary>What a client trusts to trust Azure here.</summary>
    public string AzureCertificatePem => certificate.ExportCertificatePem();

    public static async Task<LocalCloudServer> StartAsync(
        LocalCloudOptions? options = null, CancellationToken cancellation = default)
    {
        var aws = new AwsCloud(options ?? new LocalCloudOptions());
        var azure = new AzureCloud(aws.Options, aws.Clock, aws.Log, aws.Faults, aws.Segments);
        var certificate = LoopbackCertificate.Make();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, aws.Options, certificate));
        var application = builder.Build();
        LocalCloudServer? server = null;
        var (awsDoor, azureDoor) = (new AwsFrontDoor(aws), new AzureFrontDoor(azure));
        (AdminApi Aws, AzureAdminApi Azure)? admin = null;
        application.Run(http => http.Connection.LocalPort != server!.Url.Port ? azureDoor.HandleAsync(http)
            : http.Request.Path.StartsWithSegments(AzureAdminApi.Root, StringComparison.Ordinal)
                ? admin!.Value.Azure.HandleAsync(http)
            : http.Request.Path.StartsWithSegments(AdminApi.Root, StringComparison.Ordinal)
                ? admin!.Value.Aws.HandleAsync(http)
            : awsDoor.HandleAsync(http));
        await application.StartAsync(cancellation);
        server = new LocalCloudServer(application, aws, azure, certificate);
        admin = (new AdminApi(server.Admin), new AzureAdminApi(server.Admin.Azure, server.Endpoints()));
        return server;
    }

    /// <summary>A handler for which Azure's real names (<c>login.microsoftonline.com</c>, <c>acme.vault.azure.net</c>…)
    /// lead here. The caller disposes it.</summary>
    public SocketsHttpHandler NewAzureHandler() =>
        AzureHandlers.Make((AzureUrl.Port, AzurePlainUrl.Port), certificate, azure.Exists);

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        await application.DisposeAsync();
        aws.Dispose();
        certificate.Dispose();
    }

    private AzureReply Endpoints() => new()
    {
        Url = AzureUrl.ToString(),
        PlainUrl = AzurePlainUrl.ToString(),
        Proxy = AzureProxyUrl.ToString(),
        Certificate = AzureCertificatePem,
    };

    private static void Configure(KestrelServerOptions kestrel, LocalCloudOptions options, X509Certificate2 certificate)
    {
        kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(IPAddress.Loopback, options.AzurePort, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(certificate);
        });
        kestrel.Listen(IPAddress.Loopback, options.AzurePlainPort, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
        kestrel.Limits.MaxRequestLineSize = 16 * 1024;
        kestrel.AddServerHeader = false;
    }
}
