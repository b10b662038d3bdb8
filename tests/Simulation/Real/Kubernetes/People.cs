using System.Text.Json.Nodes;
using ByokOperator.Api;
using FakeApiServer;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Simulation.Real.Clouds;

namespace Simulation.Real.Kubernetes;

/// <summary>What tenants and the platform's people do with the cluster. Nothing fails for them.
/// Reads are of what stands, not of a watch.</summary>
internal sealed class People
{
    public const string Workload = "app";

    private readonly World world;
    private readonly Resource keys;
    private readonly Resource stores;
    private readonly Resource deployments;
    private readonly Resource jobs;
    private readonly Resource maps;

    public People(World world)
    {
        this.world = world;
        var calm = new Line(new Weather(new Rng(0)), world.Time);
        Client = new KubeClient(
            new KubeConnection { Host = "http://cluster", Namespace = World.OperatorNamespace },
            new KubeClientOptions { MaxAttempts = 1 }, world.Time,
            new Wire(world.Server, _ => calm.Call(Domain.Cluster)));
        (keys, stores) = (Find<TenantEncryptionKey>(), Find<EncryptedStore>());
        (deployments, jobs, maps) = (Find<Deployment>(), Find<Job>(), Find<ConfigMap>());
        Uploads = new Uploads(world, Client);
    }

    public KubeClient Client { get; }

    public Uploads Uploads { get; }

    public JsonObject? Key(Home home) => Get(keys, home.Key);

    public JsonObject? Store(Home home) => Get(stores, home.Store);

    public JsonObject? Binding(Home home) => Get(maps, new ObjectKey(home.Namespace, home.Binding));

    /// <summary>Which store readers are led to, by its full name; null where nothing leads anywhere.</summary>
    public string? Led(Home home) => Binding(home)?["data"] is not { } data ? null
        : world.IsAzure ? $"{data["account"]}/{data["container"]}" : (string?)data["bucket"];

    /// <summary>Readers are led to the shared place.</summary>
    public bool LeadsToShared(Home home) => (string?)Binding(home)?["data"]?["bucket"] == World.SharedBucket;

    /// <summary>Which material the stored canary was made with; null where none can be read.</summary>
    public int? CanaryMaterial(Home home) =>
        KeyRecord(home) is { } record && !IsHurt(record) && CanaryOf(record, world.KeyRegion) is { } ciphertext
            ? SimKeys.MaterialIn(Convert.FromBase64String(ciphertext))
            : null;

    /// <summary>The operator's record of the key that stands now.</summary>
    public JsonObject? KeyRecord(Home home) =>
        (string?)Key(home)?["metadata"]!["uid"] is { } uid
            ? Get(maps, new ObjectKey(World.OperatorNamespace, $"key.{home.Key.Namespace}.{home.Key.Name}.{uid}"))
            : null;

    /// <summary>The operator's records about a tenant's objects, whether those stand or not.</summary>
    public IReadOnlyList<JsonObject> Records(Home home) =>
    [
        .. world.Server.Store.All([maps]).Select(entry => entry.Object).Where(map =>
            NameOf(map).StartsWith($"key.{home.Namespace}.", StringComparison.Ordinal)
                || NameOf(map).StartsWith($"store.{home.Namespace}.", StringComparison.Ordinal)),
    ];

    /// <summary>Its text is not what the operator wrote.</summary>
    public bool IsHurt(JsonObject record) =>
        world.Hurt.TryGetValue(NameOf(record), out var text) && text == record["data"]?.ToJsonString();

    /// <summary>Somebody writes over it. Whoever writes what stands there already does it no harm.</summary>
    public void Hurt(Home home, ObjectKey record, string? text, string? mac)
    {
        var before = Get(maps, record)?["data"]?.ToJsonString();
        Patch<ConfigMap>(record, new JsonObject { ["data"] = new JsonObject { ["record"] = text, ["mac"] = mac } });
        var after = Records(home).First(one => NameOf(one) == record.Name)["data"]!.ToJsonString();
        if (after != before)
        {
            world.Hurt[record.Name] = after;
        }
    }

    /// <summary>What the operator's records of the home's keys say, whether those stand or not,
    /// as far as they are as it wrote them.</summary>
    public IReadOnlyList<JsonNode> KeyRecords(Home home) =>
        [.. OfKeys(home).Where(record => !IsHurt(record) && record["data"]?["record"] is not null)
            .Select(record => JsonNode.Parse((string)record["data"]!["record"]!)!)];

    /// <summary>One of them at least is not.</summary>
    public bool IsAKeyRecordHurt(Home home) => OfKeys(home).Any(IsHurt);

    /// <summary>What the names of the platform's keys for the key that stands now are made of;
    /// null where none stands.</summary>
    public string? Identity(Home home)
    {
        var uid = (string?)Key(home)?["metadata"]!["uid"];
        var record = KeyRecord(home) is { } known && !IsHurt(known) ? JsonNode.Parse((string)known["data"]!["record"]!)
            : null;
        return (string?)record?["origin"] ?? uid;
    }

    /// <summary>What the key's status says does not hold, in a line.</summary>
    public string KeyConditions(Home home) => string.Join(", ", (Key(home)?["status"]?["conditions"]?.AsArray() ?? [])
        .Where(one => (string?)one!["status"] != "True")
        .Select(one => $"{one!["type"]}={one["status"]} {one["reason"]}"));

    private IEnumerable<JsonObject> OfKeys(Home home) =>
        Records(home).Where(record => NameOf(record).StartsWith("key.", StringComparison.Ordinal));

    public bool IsKeyRecordHurt(Home home) => KeyRecord(home) is { } record && IsHurt(record);

    /// <summary>Its record stands, as the operator wrote it, and says where it was put.</summary>
    public bool IsPlaceRecorded(Home home) => home.Uids.Exists(uid =>
        Get(maps,
            new ObjectKey(World.OperatorNamespace, $"store.{home.Namespace}.{home.Store.Name}.{uid}")) is { } record
                && !IsHurt(record)
        && ((string?)record["data"]?["record"])?.Contains($"\"target\":\"{home.TargetName}\"", StringComparison.Ordinal)
            == true);

    /// <summary>Addresses of the operator's records of that kind about a tenant's objects that are gone.</summary>
    public IReadOnlyList<ObjectKey> Left(Home home, string kind)
    {
        var standing = "." + ((string?)(kind == "key" ? Key(home) : Store(home))?["metadata"]!["uid"] ?? "nobody");
        var begins =
            $"{World.OperatorNamespace}/{kind}.{home.Namespace}.{(kind == "key" ? home.Key : home.Store).Name}.";
        return
        [
            .. world.Server.Store.All([maps]).Select(entry => entry.Key)
                .Where(key =>
                    key.StartsWith(begins, StringComparison.Ordinal)
                        && !key.EndsWith(standing, StringComparison.Ordinal))
                .Select(key => new ObjectKey(World.OperatorNamespace, key[(World.OperatorNamespace.Length + 1)..])),
        ];
    }

    /// <summary>Which canary it is: its ciphertext.</summary>
    public static string? CanaryOf(JsonObject? record, string region = World.Region)
    {
        const string Before = "\"ciphertext\":\"";
        return (string?)record?["data"]?["record"] is { } text
            && text.IndexOf($"\"{region}\":{{", StringComparison.Ordinal) is >= 0 and var of
            && text.IndexOf(Before, of, StringComparison.Ordinal) is >= 0 and var at
            ? text[(at + Before.Length)..text.IndexOf('"', at + Before.Length)]
                .Replace("\\u002B", "+", StringComparison.Ordinal)
            : null;
    }

    public string? Availability(Home home) => (string?)Store(home)?["status"]?["availability"];

    public int Running(Home home) =>
        (int?)Get(deployments, new ObjectKey(home.Namespace, Workload))?["spec"]?["replicas"] ?? 0;

    public IReadOnlyList<JsonObject> Jobs(Home home) =>
        [.. world.Server.Store.All([jobs]).Select(entry => entry.Object)
            .Where(job => (string?)job["metadata"]!["labels"]?[Labels.StoreUid] is { } uid && home.Uids.Contains(uid))];

    /// <summary>As the Job controller does: it is complete, or has failed.</summary>
    public void EndJob(string name, string condition) => Do(Client.Api<Job>().PatchMergeAsync(
        new ObjectKey(World.OperatorNamespace, name),
        new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = condition, ["status"] = "True" }),
            },
        },
        CancellationToken.None,
        "status"));

    /// <summary>The operator's record of where the home's store was put, as far as it is as it wrote it.</summary>
    public JsonNode? StoreRecord(Home home) => home.Uid is { } uid
        && Get(maps,
            new ObjectKey(World.OperatorNamespace, $"store.{home.Namespace}.{home.Store.Name}.{uid}")) is { } record
                && !IsHurt(record)
        && (string?)record["data"]?["record"] is { } text ? JsonNode.Parse(text) : null;

    public void SetRotation(Home home, string existingObjects) => Patch<EncryptedStore>(
        home.Store,
        new JsonObject
        {
            ["spec"] = new JsonObject { ["rotation"] = new JsonObject { ["existingObjects"] = existingObjects } },
        });

    public JsonObject? Find<T>(string ns, string name)
        where T : class, IResource<T> => Get(Find<T>(), new ObjectKey(ns, name));

    public bool IsStalled(Home home) =>
        Store(home)?["status"]?["conditions"] is JsonArray all
            && all.Any(one => (string?)one!["type"] == "Stalled" && (string?)one["status"] == "True");

    /// <summary>By the operator, which is going to resume it.</summary>
    public bool IsSuspended(Home home) => home.Uids.Exists(uid =>
        Find<ConfigMap>(World.OperatorNamespace, $"workloads.{home.Namespace}.{home.Store.Name}.{uid}") is not null);

    /// <summary>As it was, MAC and all; it is another version of the same object.</summary>
    public void Restore(JsonObject record)
    {
        var name = (string)record["metadata"]!["name"]!;
        var again = new ConfigMap
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Namespace = World.OperatorNamespace,
                Labels = record["metadata"]!["labels"]!.AsObject()
                    .ToDictionary(label => label.Key, label => (string)label.Value!),
            },
            Data = record["data"]!.AsObject().ToDictionary(entry => entry.Key, entry => (string)entry.Value!),
        };
        Do(Client.Api<ConfigMap>().ApplyAsync(again, "person", CancellationToken.None));
    }

    /// <summary>Somebody's object that no reader can read: the server takes it, whoever it belongs to.</summary>
    public void Poison()
    {
        foreach (var (resource, kind) in new[] { (keys, "TenantEncryptionKey"), (stores, "EncryptedStore") })
        {
            world.Server.Answer(
                new ApiRequest("POST", ["apis", "byok.dev", "v1alpha1", "namespaces", "hostile", resource.Plural],
                    _ => null)
                {
                    Body = new JsonObject
                    {
                        ["apiVersion"] = "byok.dev/v1alpha1",
                        ["kind"] = kind,
                        ["metadata"] = new JsonObject { ["name"] = "poison", ["namespace"] = "hostile" },
                        ["spec"] = new JsonObject
                        {
                            ["keyRef"] = 5,
                            ["validTo"] = "2027-01-01t00:00:00z",
                            ["awsKms"] = "none",
                        },
                    },
                });
        }

        world.IsPoisoned = true;
    }

    public void ForgetKeyRecord(Home home)
    {
        if (KeyRecord(home) is { } record)
        {
            Delete<ConfigMap>(new ObjectKey(World.OperatorNamespace, (string)record["metadata"]!["name"]!));
        }
    }

    /// <summary>The platform gives this tenant nothing any more.</summary>
    public void TakeBack(Home home)
    {
        home.IsGiven = false;
        if (!world.IsWordUnheard)
        {
            Delete<Tenant>(new ObjectKey("", home.Namespace));
        }
    }

    /// <summary>What this tenant lives on, and nothing else.</summary>
    public void Give(Home home) => home.IsGiven = Do(Client.Api<Tenant>().ApplyAsync(
        new Tenant
        {
            Metadata = new ObjectMeta { Name = home.Namespace },
            Spec = new TenantSpec
            {
                Namespaces = [new() { Name = home.Namespace }],
                Keys = world.IsAzure
                    ? new TenantKeys
                    {
                        AzureDirectories = [OnAzure.Directory, OnAzure.OtherDirectory],
                        Vaults = [.. home.Spares.Prepend(home)
                            .Select(one => OnAzure.VaultOf(one.Namespace, one.Key.Name)).Distinct()],
                    }
                    : new TenantKeys { AwsAccounts = [Home.Account] },
                Shared = new TenantShared { Aws = [new() { Bucket = World.SharedBucket, Prefix = home.Prefix }] },
                Stores = home.IsImported
                    ? new TenantStores
                    {
                        AwsRegions = [World.Region, World.OtherRegion],
                        DataPrincipals = new() { Aws = $"arn:aws:iam::111111111111:role/{home.Namespace}" },
                    }
                    : world.IsAzure
                    ? new TenantStores
                    {
                        Azure =
                        [
                            new()
                            {
                                SubscriptionId = OnAzure.Subscription, ResourceGroup = OnAzure.Group,
                                Locations = [OnAzure.Location],
                            },
                        ],
                        DataPrincipals = new() { Azure = OnAzure.Principal },
                    }
                    : new TenantStores { AwsRegions = [World.Region] },
                Adopt =
                [
                    .. home.Consents
                        ? (TenantSpecAdopt[])
                        [
                            new() { Namespace = home.Namespace, Store = home.Store.Name, Uid = home.Uid! },
                        ] : [],
                    .. home.ConsentedKey is { } uid
                        ? (TenantSpecAdopt[])[new() { Namespace = home.Namespace, Key = home.Key.Name, Uid = uid }]
                        : [],
                ],
            },
        },
        "platform", CancellationToken.None)) is not null;

    public void ApplyKey(Home home)
    {
        if (Key(home) is null)
        {
            (home.IsRevoked, home.IsOnStandby) = (false, false); // another object of its name says nothing of the kind
        }

        Do(Client.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = home.Key.Name, Namespace = home.Namespace },
                Spec = new TenantEncryptionKeySpec
                {
                    AwsKms = home.IsImported || world.IsAzure ? null
                        : new AwsKmsSource
                        {
                            Keys = [new AwsKmsKey { Region = World.Region, Arn = home.CloudKey.Arn }],
                        },
                    AzureKeyVault = world.IsAzure
                        ? new AzureKeyVaultSource
                        {
                            VaultUri = OnAzure.VaultOf(home.Namespace, home.Key.Name), KeyName = home.Key.Name,
                            TenantId = OnAzure.DirectoryOf(home.Key.Name), ClientId = OnAzure.Client,
                        } : null,
                    Imported = home.IsImported ? ImportOf(home) : null,
                    State = home.IsRevoked ? KeyStates.Revoked : home.IsOnStandby ? KeyStates.Standby
                        : KeyStates.Active,
                    Revocation = new KeyRevocation
                    {
                        ProbeInterval = "10s",
                        MaxStaleness = "60s",
                        Confirm = home.IsRevoked ? "revoke" : "",
                    },
                },
            },
            "person", CancellationToken.None));
    }

    /// <summary>The tenant asks for new material under the same key.</summary>
    public void Raise(Home home, int generation)
    {
        home.Generation = generation;
        ApplyKey(home);
    }

    /// <summary>The tenant puts its wrapped secret where it belongs; zero takes it away.</summary>
    public void HandOver(Home home, int material) => Uploads.HandOver(home, material);

    public void ApplyStore(Home home)
    {
        var written = Do(Client.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = home.Store.Name, Namespace = home.Namespace },
                Spec = new EncryptedStoreSpec
                {
                    KeyRef = new KeyReference { Name = home.Key.Name },
                    Aws = world.IsAzure ? null : new AwsStore { Region = World.Region },
                    Azure = world.IsAzure
                        ? new AzureStore
                        {
                            SubscriptionId = OnAzure.Subscription, ResourceGroup = OnAzure.Group,
                            Location = OnAzure.Location,
                        } : null,
                    Shared = home.HasShared
                        ? new SharedLocation
                        {
                            Aws = new AwsSharedLocation { Bucket = World.SharedBucket, Prefix = home.Prefix },
                        } : null,
                    Workloads = new WorkloadPolicy
                    {
                        Selector = new ByokOperator.Api.LabelSelector
                        {
                            MatchLabels = new Dictionary<string, string> { ["app"] = home.Namespace },
                        },
                        DuringMigration = home.Waits ? WorkloadPolicy.Window : home.Quiesces ? WorkloadPolicy.Quiesce
                            : WorkloadPolicy.Online,
                    },
                    MaintenanceWindows = home.Waits
                        ? [new MaintenanceWindow { Schedule = "1-59/3 * * * *", Duration = "2m" }] : [],
                    Migration = new MigrationPolicy
                    {
                        Mode = home.IsPlanned ? MigrationPolicy.Plan : MigrationPolicy.Run,
                        Parallelism = CopyPods.Shards, KeepSourceFor = "20s", FenceTimeout = home.Waits ? "1m" : "1h",
                    },
                    Rotation = home.Overlap is { } overlap ? new StoreRotation { Overlap = overlap } : new(),
                    DeletionPolicy = home.DeletionPolicy,
                    Report = new ReportPolicy { Interval = "720h" },
                },
            },
            "person", CancellationToken.None));
        home.Applied(written.Metadata.Uid!);
    }

    public void ApplyWorkload(Home home) => Do(Client.Api<Deployment>().CreateAsync(
        new Deployment
        {
            Metadata = new ObjectMeta
            {
                Name = Workload,
                Namespace = home.Namespace,
                Labels = new Dictionary<string, string> { ["app"] = home.Namespace },
            },
            Spec = new ReplicaSpec { Replicas = 2 },
        },
        CancellationToken.None));

    public void Patch<T>(ObjectKey key, JsonObject patch)
        where T : class, IResource<T> => Do(Client.Api<T>().PatchMergeAsync(key, patch, CancellationToken.None));

    public void SetState(Home home, string state)
    {
        (home.IsRevoked, home.IsOnStandby) = (state == KeyStates.Revoked, state == KeyStates.Standby);
        Patch<TenantEncryptionKey>(home.Key, new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["state"] = state,
                ["revocation"] = new JsonObject { ["confirm"] = home.IsRevoked ? "revoke" : null },
            },
        });
    }

    /// <summary>Null takes it out of the store.</summary>
    public void NameKey(Home home, string? name) => Patch<EncryptedStore>(
        home.Store,
        new JsonObject
        {
            ["spec"] = new JsonObject { ["keyRef"] = name is null ? null : new JsonObject { ["name"] = name } },
        });

    public void SetDeletionPolicy(Home home, string policy) => Patch<EncryptedStore>(
        home.Store, new JsonObject { ["spec"] = new JsonObject { ["deletionPolicy"] = policy } });

    /// <summary>It is deleted, and its object stands until the operator lets it go.</summary>
    public bool IsDeleting(Home home) => Store(home)?["metadata"]!["deletionTimestamp"] is not null;

    public void Annotate(Home home, string annotation, string? value) => Patch<EncryptedStore>(
        home.Store,
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } } });

    public void Delete<T>(ObjectKey key)
        where T : class, IResource<T> => Do(Client.Api<T>().DeleteAsync(key, null, CancellationToken.None));

    /// <summary>Finalizers or not.</summary>
    public void DeleteByForce<T>(ObjectKey key)
        where T : class, IResource<T>
    {
        Patch<T>(key, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        Do(Client.Api<T>().DeleteAsync(key, null, CancellationToken.None));
    }

    public void DeleteKeyByForce(Home home)
    {
        if (KeyRecord(home) is null || IsKeyRecordHurt(home))
        {
            world.RecordLost?.Invoke(home, true);
        }

        DeleteByForce<TenantEncryptionKey>(home.Key);
    }

    private static T Do<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private Resource Find<T>()
        where T : class, IResource<T> => world.Server.Catalog.Find(T.Kind.Group, T.Kind.Version, T.Kind.Plural);

    private static ImportedSource ImportOf(Home home) => new()
    {
        Aws = new AwsImport { Regions = [World.Region, World.OtherRegion], ValidTo = home.ValidTo },
        Generation = home.Generation,
        Wrapping = home.AsksForRequests ? WrappingModes.ImportRequest : WrappingModes.Platform,
    };

    private static string NameOf(JsonObject json) => (string)json["metadata"]!["name"]!;

    private JsonObject? Get(Resource resource, ObjectKey key) =>
        world.Server.Store.Get(resource, $"{key.Namespace}/{key.Name}")?.Object;
}
