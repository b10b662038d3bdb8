using Cloud.Aws;
using LocalCloud;
using Xunit;

namespace Cloud.Tests.Contract;

/// <summary>One LocalCloud for all rows: each makes its own keys and buckets.</summary>
public sealed class LocalCloudFixture : IAsyncLifetime
{
    private LocalCloudServer? server;

    internal LocalCloud.Admin.LocalCloudAdmin Admin => server!.Admin;

    internal ContractServer Server =>
        new(server!.Url.ToString().TrimEnd('/'), LocalCloudAccounts.OperatorRole, LocalCloudAccounts.WorkloadRole)
        {
            Operator = new AwsAccessKey(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret),
            Workload = new AwsAccessKey(LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret),
            Platform =
                new AwsAccessKey(LocalCloudAccounts.PlatformAdminAccessKey, LocalCloudAccounts.PlatformAdminSecret),
            Tenant = new AwsAccessKey(LocalCloudAccounts.TenantAdminAccessKey, LocalCloudAccounts.TenantAdminSecret),
        };

    public async ValueTask InitializeAsync() => server = await LocalCloudServer.StartAsync();

    public ValueTask DisposeAsync() => server!.DisposeAsync();
}
