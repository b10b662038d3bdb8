using System.Globalization;
using Cloud.Azure;
using LocalCloud;
using LocalCloud.Azure.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cloud.Tests.Azure;

/// <summary>An Azure on loopback, and the operator in it: its identity verified by a token file as a pod has one.
/// Tests keep apart by names of their own.</summary>
public sealed class AzureStand : IAsyncLifetime
{
    private readonly string tokenFile = Path.Combine(Path.GetTempPath(), $"byok-cluster-token-{Guid.NewGuid():N}");
    private AzureCloud? cloud;
    private int names;

    public LocalCloudServer Server { get; private set; } = null!;

    public AzureAdmin Admin => Server.Admin.Azure;

    public AzureOptions Options { get; private set; } = null!;

    /// <summary>One for the class. Asks for no leave.</summary>
    public AzureCloud Cloud => cloud ??= NewCloud();

    public async ValueTask InitializeAsync()
    {
        Server = await LocalCloudServer.StartAsync();
        await File.WriteAllTextAsync(tokenFile, Admin.IssueClusterToken());
        Options = new AzureOptions
        {
            TenantId = LocalCloudAzure.PlatformTenant,
            ClientId = LocalCloudAzure.IdentityClientId,
            FederatedTokenFile = tokenFile,
            IdentityResourceId = LocalCloudAzure.IdentityResourceId,
            IdentityObjectId = LocalCloudAzure.IdentityObjectId,
            ApplicationClientId = LocalCloudAzure.AppClientId,
            Connections = Server.NewAzureHandler,
        };
    }

    public async ValueTask DisposeAsync()
    {
        cloud?.Dispose();
        await Server.DisposeAsync();
        File.Delete(tokenFile);
    }

    public AzureCloud NewCloud(
        Action? leave = null, Func<AzureOptions, AzureOptions>? change = null, TimeProvider? time = null) =>
        AzureCloud.Create(change?.Invoke(Options) ?? Options, time ?? TimeProvider.System, NullLoggerFactory.Instance,
            leave);

    /// <summary>A name that no other test of this Azure uses.</summary>
    public string Name(string stem) =>
        string.Create(CultureInfo.InvariantCulture, $"{stem}{Interlocked.Increment(ref names)}");
}
