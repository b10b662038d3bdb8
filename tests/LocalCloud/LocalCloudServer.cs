using System.Net;
using LocalCloud.Admin;
using LocalCloud.Aws;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace LocalCloud;

/// <summary>One process, one port on loopback, speaking KMS, S3 and STS to the real SDKs.</summary>
public sealed class LocalCloudServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly AwsCloud aws;

    private LocalCloudServer(WebApplication application, AwsCloud aws, LocalCloudAdmin admin)
    {
        this.application = application;
        this.aws = aws;
        Admin = admin;
        Url = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>The endpoint of all services: <c>http://127.0.0.1:port</c>.</summary>
    public Uri Url { get; }

    public LocalCloudAdmin Admin { get; }

    public static async Task<LocalCloudServer> StartAsync(LocalCloudOptions? options = null, CancellationToken cancellation = default)
    {
        var aws = new AwsCloud(options ?? new LocalCloudOptions());
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, aws.Options.Port));
        var application = builder.Build();
        var door = new AwsFrontDoor(aws);
        var admin = new LocalCloudAdmin(aws);
        var adminApi = new AdminApi(admin);
        application.Run(http => http.Request.Path.StartsWithSegments("/_admin", StringComparison.Ordinal) ? adminApi.HandleAsync(http) : door.HandleAsync(http));
        await application.StartAsync(cancellation);
        return new LocalCloudServer(application, aws, admin);
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        aws.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, int port)
    {
        kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
        kestrel.Limits.MaxRequestLineSize = 16 * 1024;
        kestrel.AddServerHeader = false;
    }
}
