using Cloud.Azure;
using LocalCloud;
using Microsoft.Extensions.Logging;

namespace Quickstart;

/// <summary>The operator's way to Azure as its pod has it: its identity,
/// vouched for by the service account's token in a file.</summary>
internal sealed class StageAzure : IDisposable
{
    private readonly LocalCloudServer cloud;
    private readonly string tokenFile = Path.Combine(Path.GetTempPath(), $"byok-stage-token-{Guid.NewGuid():N}");

    public StageAzure(LocalCloudServer cloud)
    {
        this.cloud = cloud;
        File.WriteAllText(tokenFile, cloud.Admin.Azure.IssueClusterToken());
    }

    public AzureCloud Connect(ILoggerFactory logs, Action? leave) => AzureCloud.Create(
        new AzureOptions
        {
            TenantId = LocalCloudAzure.PlatformTenant,
            ClientId = LocalCloudAzure.IdentityClientId,
            FederatedTokenFile = tokenFile,
            IdentityResourceId = LocalCloudAzure.IdentityResourceId,
            IdentityObjectId = LocalCloudAzure.IdentityObjectId,
            ApplicationClientId = LocalCloudAzure.AppClientId,
            Connections = cloud.NewAzureHandler,
        },
        TimeProvider.System,
        logs,
        leave);

    public void Dispose() => File.Delete(tokenFile);
}
