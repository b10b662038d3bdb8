using System.Globalization;
using Cloud.Keys;
using Cloud.Stores;
using FakeApiServer;
using Simulation.Real.Kubernetes;
using Simulation.Real.Clouds;
using Simulation.Real.Running;

namespace Simulation.Real;

/// <summary>How things really are: the cluster, the clouds, the clock. Nobody sees all of it at once.</summary>
internal sealed class World
{
    public const string Region = "eu-west-1";

    /// <summary>An imported key stands there too, and no store.</summary>
    public const string OtherRegion = "eu-central-1";

    public const string SharedBucket = "platform-backups";
    public const string OperatorNamespace = "byok-system";

    public static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(60);

    private int uids;

    public World(params ReadOnlySpan<string> tenants)
        : this(isAzure: false, tenants)
    {
    }

    public World(bool isAzure, params ReadOnlySpan<string> tenants)
    {
        IsAzure = isAzure;
        Server = new ApiServerCore(Time, () => (++uids).ToString("x8", CultureInfo.InvariantCulture) + "-0000");
        Server.Catalog.Add(
            new Resource("byok.dev", "v1alpha1", "TenantEncryptionKey", "tenantencryptionkeys", HasStatus: true,
                HasGeneration: true));
        Server.Catalog.Add(
            new Resource("byok.dev", "v1alpha1", "EncryptedStore", "encryptedstores", HasStatus: true,
                HasGeneration: true));
        Server.Catalog.Add(
            new Resource("byok.dev", "v1alpha1", "Tenant", "tenants", Namespaced: false, HasStatus: true,
                HasGeneration: true));
        Account.Add(
            new Bucket(SharedBucket) { Default = new SharedDefault(KeyRef.StoreManaged, null, BucketKey: false) });
        foreach (var tenant in tenants)
        {
            var home = new Home(tenant, this);
            Homes.Add(home);
            Account.Keys[home.CloudKey.Arn] = home.CloudKey;
        }

        People = new People(this);
    }

    /// <summary>Keys are in vaults, and stores are accounts.</summary>
    public bool IsAzure { get; }

    /// <summary>By which a key's record calls where it is.</summary>
    public string KeyRegion => IsAzure ? KeyRef.AnyRegion : Region;

    /// <summary>What was written over the operator's records, by name.</summary>
    public Dictionary<string, string> Hurt { get; } = [];

    /// <summary>What the platform takes back still stands for whoever asks.</summary>
    public bool IsWordUnheard { get; set; }

    /// <summary>How long the cloud's lists may lack what was made.</summary>
    public TimeSpan Settling { get; init; } = Cloud.Keys.IImportedKeys.Settling;

    /// <summary>Told of a home whose key's record a person took away, and whether its object goes too: what was only
    /// there nobody knows any more.</summary>
    public Action<Home, bool>? RecordLost { get; set; }

    /// <summary>Objects stand that nobody can read.</summary>
    public bool IsPoisoned { get; set; }

    public ManualTime Time { get; } = new();

    public ApiServerCore Server { get; }

    public Account Account { get; } = new();

    public List<Home> Homes { get; } = [];

    public People People { get; }

    public DateTimeOffset Now => Time.Now;
}
