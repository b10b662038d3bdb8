using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Keys;
using ByokOperator.Records;
using FakeApiServer;
using Fuzz.Clouds;
using Fuzz.Cluster;
using Fuzz.Running;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using AwsAdapters = Cloud.Aws.AwsCloud;

namespace Fuzz.Closings;

/// <summary>One tenant with a key and a store that stands, and the operator, whole.
/// Everything of it happens on the pump's thread.</summary>
internal sealed class Scene : IDisposable
{
    public const string Namespace = "acme";
    public const string Data = "backup";
    private const string SharedBucket = "platform-backups";

    private readonly MemoryAws aws;
    private readonly ManualTime time = new();
    private readonly Pump pump;
    private readonly KubeClient people;
    private readonly string arn;
    private AwsAdapters adapters;
    private Installation process;

    public Scene(MemoryAws aws, Liar liar, bool isShared)
    {
        (this.aws, Liar, IsShared) = (aws, liar, isShared);
        pump = new Pump(time);
        Server = new ApiServerCore(time, () => Guid.NewGuid().ToString());
        foreach (var (kind, isNamespaced) in ((ResourceKind, bool)[])[(TenantEncryptionKey.Kind, true),
            (EncryptedStore.Kind, true), (Tenant.Kind, false)])
        {
            Server.Catalog.Add(
                new Resource(kind.Group, kind.Version, kind.Kind, kind.Plural, isNamespaced, HasStatus: true,
                    HasGeneration: true));
        }

        people = Installation.Client(Server, time);
        arn = aws.Admin.CreateKey(LocalCloudAccounts.Tenant, MemoryAws.Region);
        adapters = aws.Adapters(time, liar);
        process = pump.Run(() => Task.FromResult(new Installation(Server, MemoryAws.Ports(adapters), time)));
        pump.Waiting = () => process.Watches.CatchUp();
    }

    public static ObjectKey Key { get; } = new(Namespace, "key");

    public static ObjectKey Store { get; } = new(Namespace, "store");

    public Liar Liar { get; }

    public bool IsShared { get; }

    public ApiServerCore Server { get; }

    public RecordMacKey MacKey => process.View.Records.MacKey;

    public string Bucket { get; private set; } = "";

    public IReadOnlyCollection<string> Bugs => process.Missed.Bugs;

    public T Run<T>(Func<Task<T>> work) => pump.Run(work);

    /// <summary>A key that is proved and a store that is prepared, as they come to be.</summary>
    public void Settle()
    {
        pump.Run(async () =>
        {
            await people.Api<Tenant>().ApplyAsync(TenantObject(), "platform", CancellationToken.None);
            var key = await people.Api<TenantEncryptionKey>().ApplyAsync(KeyObject(), "person", CancellationToken.None);
            var store = await people.Api<EncryptedStore>().ApplyAsync(StoreObject(), "person", CancellationToken.None);
            Bucket = DerivedNames.Bucket(Namespace, store.Metadata.Uid!);
            foreach (var policy
                in KeyPolicyMap.For(key, KeyBindings.Of(Namespace, Authority.Of([TenantObject()]))!, adapters.Policies)
                    .Where(file => file.Key.EndsWith(".json", StringComparison.Ordinal)).Select(file => file.Value))
            {
                aws.Admin.SetKeyPolicy(arn, policy);
            }
        });
        for (var round = 0; round < 6 && !IsPinned; round++)
        {
            Round(TimeSpan.FromSeconds(1));
        }

        if (!IsPinned)
        {
            throw new InvalidOperationException($"the store never stood: {Told("Ready")}");
        }

        pump.Run(() =>
            aws.Operator.PutObjectAsync(
                new Amazon.S3.Model.PutObjectRequest
                {
                    BucketName = Bucket,
                    Key = Data,
                    ContentBody = "x",
                    UseChunkEncoding = false,
                }));
    }

    /// <summary>A process that remembers nothing takes the place of this one.</summary>
    public void Restart()
    {
        process.Dispose();
        adapters.Dispose();
        adapters = aws.Adapters(time, Liar);
        var bugs = process.Missed;
        process = pump.Run(() => Task.FromResult(new Installation(Server, MemoryAws.Ports(adapters), time)));
        foreach (var bug in bugs.Bugs)
        {
            process.Missed.Keep(bug);
        }
    }

    public void DisableKey() => aws.Admin.SetKeyState(arn, "Disabled");

    public void Round(TimeSpan after)
    {
        time.Advance(after);
        pump.Settle();
        process.Watches.CatchUp();
        pump.Settle();
        pump.Run(() => process.RoundAsync([Key, .. Records("key.")], [Store, .. Records("store.")]));
    }

    public bool IsShut() => pump.Run(() => aws.IsShutAsync(Bucket, Data));

    public JsonObject? Object(string plural, ObjectKey key) =>
        Server.Store.Get(Resource(plural), $"{key.Namespace}/{key.Name}")?.Object;

    public Resource Resource(string plural) => Server.Catalog.Resources.First(resource => resource.Plural == plural);

    /// <summary>Where records stand.</summary>
    public IReadOnlyList<ObjectKey> Records(string beginning) =>
    [
        .. Server.Store.All([Resource("configmaps")])
            .Where(map => map.Object["metadata"]!["labels"]?[RecordCodec.Label] is not null)
            .Select(map =>
                new ObjectKey((string)map.Object["metadata"]!["namespace"]!, (string)map.Object["metadata"]!["name"]!))
            .Where(key =>
                key.Namespace == Installation.Namespace && key.Name.StartsWith(beginning, StringComparison.Ordinal)),
    ];

    /// <summary>A condition of the store's, in one line; empty where it has none.</summary>
    public string Told(string condition)
    {
        var found = (Object("encryptedstores", Store)?["status"]?["conditions"] as JsonArray)?.OfType<JsonObject>()
            .FirstOrDefault(one => one["type"]?.ToString() == condition);
        return found is null ? "" : $"{condition}={found["status"]} {found["reason"]}: {found["message"]}";
    }

    /// <summary>What stands in its status, whatever that is.</summary>
    public string Availability => Object("encryptedstores", Store)?["status"]?["availability"]?.ToString() ?? "";

    public void Dispose()
    {
        process.Dispose();
        adapters.Dispose();
        people.Dispose();
        if (aws.Admin.HasBucket(Bucket))
        {
            aws.Admin.RemoveBucket(Bucket);
        }
    }

    private bool IsPinned =>
        Records("store.") is [{ } record]
            && Object("configmaps", record)!["data"]!["record"]!.ToString()
                .Contains("\"pin\"", StringComparison.Ordinal);

    private static TenantEncryptionKey KeyKind() =>
        new() { Metadata = new ObjectMeta { Name = Key.Name, Namespace = Namespace } };

    /// <summary>Nothing here is about what the platform gave.</summary>
    private static Tenant TenantObject() => new()
    {
        Metadata = new ObjectMeta { Name = Namespace },
        Spec = new()
        {
            Namespaces = [new() { Name = Namespace }],
            Keys = new() { AwsAccounts = ["*"] },
            Shared = new() { Aws = [new() { Bucket = "*", Prefix = "*" }] },
            Stores = new() { AwsRegions = ["*"], DataPrincipals = new() { Aws = LocalCloudAccounts.WorkloadRole } },
            Limits = new() { MinProbeInterval = "1s", MaxStaleness = "168h" },
        },
    };

    private TenantEncryptionKey KeyObject() => KeyKind() with
    {
        Spec = new TenantEncryptionKeySpec
        {
            AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = MemoryAws.Region, Arn = arn }] },
            Revocation = new KeyRevocation { ProbeInterval = "10s", MaxStaleness = "60s" },
        },
    };

    private EncryptedStore StoreObject() => new()
    {
        Metadata = new ObjectMeta { Name = Store.Name, Namespace = Namespace },
        Spec = new EncryptedStoreSpec
        {
            KeyRef = new KeyReference { Name = Key.Name },
            Aws = new AwsStore { Region = MemoryAws.Region },
            Shared = IsShared
                ? new SharedLocation { Aws = new AwsSharedLocation { Bucket = SharedBucket, Prefix = "acme/" } } : null,
            Report = new ReportPolicy { Interval = "720h" },
        },
    };

    public static void MakeShared(MemoryAws aws) =>
        aws.Admin.CreateBucket(SharedBucket, MemoryAws.Region, LocalCloudAccounts.Platform);
}
