using Cloud;
using Cloud.Keys;
using Cloud.Stores;
using LocalCloud;
using LocalCloud.Admin;
using LocalCloud.Azure;
using LocalCloud.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using AzureAdapters = Cloud.Azure.AzureCloud;

namespace Fuzz.Clouds;

/// <summary>Azure in this process: the cloud that tells the truth, and the operator's adapters,
/// which may be lied to.</summary>
internal sealed class MemoryAzure : IDisposable
{
    private static readonly TimeSpan quiet = TimeSpan.FromSeconds(30);

    private readonly SegmentStore segments = new(Path.GetTempPath());
    private readonly string tokenFile = Path.Combine(Path.GetTempPath(), $"byok-fuzz-token-{Guid.NewGuid():N}");
    private readonly ShiftedClock clock = new(TimeProvider.System);
    private readonly LocalCloud.Azure.Admin.AzureAdmin admin;
    private readonly AzureCloud cloud;
    private readonly AzureFrontDoor door;
    private readonly KeyRef key;
    private readonly string workload;
    private int names;

    public MemoryAzure()
    {
        cloud = new AzureCloud(new LocalCloudOptions(), clock, new CallLog(10, clock),
            new LocalCloud.Faults.FaultBook(clock), segments);
        door = new AzureFrontDoor(cloud);
        admin = new LocalCloud.Azure.Admin.AzureAdmin(cloud);
        workload = admin.AddIdentity(Guid.NewGuid().ToString(), LocalCloudAzure.PlatformTenant,
            LocalCloudAzure.IdentityResourceId.Replace("byok-operator", "workload", StringComparison.Ordinal));
        admin.CreateVault("acme-vault");
        key = new KeyRef(KeyRef.AnyRegion, admin.CreateKey("acme-vault", "acme").ToString())
        {
            Cloud = CloudKind.Azure,
            Tenancy = new KeyTenancy(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId),
        };
        admin.AddRole(admin.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!,
            "Key Vault Crypto Service Encryption User", admin.VaultId("acme-vault"));
    }

    /// <summary>Of an operator that begins when nobody has asked Resource Manager anything for a while:
    /// it counts requests.</summary>
    public AzureAdapters Adapters(TimeProvider time, Liar liar)
    {
        clock.Offset += quiet;
        File.WriteAllText(tokenFile, admin.IssueClusterToken());
        return AzureAdapters.Create(Options(liar), time, NullLoggerFactory.Instance);
    }

    private Cloud.Azure.AzureOptions Options(Liar liar) =>
        new Cloud.Azure.AzureOptions
        {
            TenantId = LocalCloudAzure.PlatformTenant,
            ClientId = LocalCloudAzure.IdentityClientId,
            FederatedTokenFile = tokenFile,
            IdentityResourceId = LocalCloudAzure.IdentityResourceId,
            IdentityObjectId = LocalCloudAzure.IdentityObjectId,
            ApplicationClientId = LocalCloudAzure.AppClientId,
            Transport = new MemoryWire(door.HandleAsync, liar),
        };

    public StoreSpec NewSpec() => new(
        new StoreRef(LocalCloudAzure.Location, $"fuzzstore{++names}/data")
        {
            Cloud = CloudKind.Azure,
            Scope = $"{LocalCloudAzure.PlatformSubscription}/{LocalCloudAzure.ResourceGroup}",
        },
        Guid.NewGuid().ToString(), key, BucketKey: false, Versioned: false)
    {
        Workloads = new(null, workload),
    };

    /// <summary>Nobody gets in by the network or by a shared key, by the cloud's own word.</summary>
    public bool IsShut(StoreSpec spec) =>
        cloud.Accounts.Find(spec.Store.Name.Split('/')[0]) is { Settings: { PublicNetwork: false, SharedKey: false } };

    public void Remove(StoreSpec spec) => cloud.Accounts.Remove(cloud.Accounts.Find(spec.Store.Name.Split('/')[0])!);

    public void Dispose()
    {
        segments.Dispose();
        File.Delete(tokenFile);
    }
}
