using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using Cloud.Keys;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using Quickstart;

namespace ByokOperator.Tests.Stories;

/// <summary>One tenant of several on a stage: a namespace, a key of its own cloud, and a store where it wants one.
/// </summary>
internal sealed class WatchedTenant : IDisposable
{
    public const string SharedBucket = "platform-backups";
    private const string Store = "store";

    private readonly Stage stage;
    private readonly IAmazonS3 writer;
    private readonly string name;

    private WatchedTenant(Stage stage, string name)
    {
        (this.stage, this.name) = (stage, name);
        writer = stage.WorkloadsOf(Namespace);
        KeyArn = NewArn();
    }

    public string Namespace => $"tenant-{name}";

    public string KeyArn { get; }

    public static async Task<WatchedTenant> EnrolAsync(Stage stage, string name)
    {
        await stage.GiveAsync($"tenant-{name}");
        return new WatchedTenant(stage, name);
    }

    /// <summary>One more key of its cloud.</summary>
    public string NewArn()
    {
        var arn = stage.Cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, Stage.Region);
        stage.Cloud.Admin.SetKeyPolicy(arn, stage.KeyPolicy(arn, Namespace));
        return arn;
    }

    public Task ApplyKeyAsync(
        string key = "key", string? arn = null, string every = "5s", string maxStaleness = "1h") =>
        ApplyKeyAsync(key, new TenantEncryptionKeySpec
        {
            Revocation = new KeyRevocation { ProbeInterval = every, MaxStaleness = maxStaleness },
            AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = Stage.Region, Arn = arn ?? KeyArn }] },
        });

    /// <param name="validTo">When its material goes by itself.</param>
    public Task ApplyImportedKeyAsync(DateTimeOffset validTo) => ApplyKeyAsync("key", new TenantEncryptionKeySpec
    {
        Revocation = new KeyRevocation { ProbeInterval = "5s", MaxStaleness = "1h" },
        Imported = new ImportedSource
        {
            Aws = new AwsImport
            {
                Regions = [Stage.Region],
                ValidTo = validTo.ToString("yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture),
            },
        },
    });

    public Task ApplyStoreAsync(Func<EncryptedStoreSpec, EncryptedStoreSpec>? change = null) =>
        stage.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = Store, Namespace = Namespace },
                Spec = (change ?? (spec => spec))(new EncryptedStoreSpec
                {
                    KeyRef = new KeyReference { Name = "key" },
                    Aws = new AwsStore { Region = Stage.Region },
                    Shared = new SharedLocation
                    {
                        Aws = new AwsSharedLocation { Bucket = SharedBucket, Prefix = $"{name}/" },
                    },
                    Migration = new MigrationPolicy { Parallelism = 1 },
                }),
            },
            "test", CancellationToken.None);

    public Task PutAsync(string key, S3StorageClass? storage = null) => writer.PutObjectAsync(
        new PutObjectRequest
        {
            BucketName = SharedBucket, Key = $"{name}/{key}", ContentBody = key, StorageClass = storage,
        });

    public Task DeleteAsync(string key) => writer.DeleteObjectAsync(SharedBucket, $"{name}/{key}");

    public Task<EncryptedStore> StoreAsync() =>
        stage.Kube.Api<EncryptedStore>().GetAsync(new ObjectKey(Namespace, Store), CancellationToken.None);

    /// <summary>The store's bucket, once it serves.</summary>
    public async Task<string> UntilReadyAsync()
    {
        EncryptedStore? store = null;
        await Until.HoldsAsync($"{Namespace}/{Store} is ready", async () =>
            Tenant.Is(store = await StoreAsync(), "Ready", "True") ? null
                : Conditions.Find(store.Status?.Conditions ?? [], "Ready")?.Message ?? "no status");
        return store!.Status!.Location!.Bucket;
    }

    public Task UntilClosedAsync() => Until.TrueAsync($"{Namespace}/{Store} is closed",
        async () => (await StoreAsync()).Status?.Availability == "Closed");

    public Task UntilUsableAsync() => Until.HoldsAsync($"{Namespace}/key is usable", async () =>
    {
        var key = await stage.Kube.Api<TenantEncryptionKey>()
            .GetAsync(new ObjectKey(Namespace, "key"), CancellationToken.None);
        return key.Status?.Verdict == nameof(KeyVerdict.Usable) ? null : Tenant.ReasonOf(key) ?? "no status";
    });

    public Task NameKeyAsync(string key) => PatchAsync(
        new JsonObject { ["spec"] = new JsonObject { ["keyRef"] = new JsonObject { ["name"] = key } } });

    public Task AnnotateAsync(string annotation, string value) => PatchAsync(
        new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = value } },
        });

    /// <summary>As a namespace that is restored from a backup brings an old report back, whoever else may write it
    /// or not.</summary>
    public void DateReport(DateTimeOffset at) => stage.Server!.Apply($$"""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ByokOperator.Cluster.StoreNames.ReportOf(Store)}}
          namespace: {{Namespace}}
          annotations:
            {{ByokOperator.Stores.ReportMap.WrittenAtAnnotation}}: "{{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}"
        """);

    /// <summary>By somebody of the platform who may; all other tags of the bucket go.</summary>
    public async Task OwnAsync(string bucket, string owner)
    {
        using var s3 = Platform();
        await s3.PutBucketTaggingAsync(
            new PutBucketTaggingRequest
            {
                BucketName = bucket, TagSet = [new Tag { Key = "byok.dev/owner", Value = owner }],
            });
    }

    public async Task RemoveAsync(string bucket, string key)
    {
        using var s3 = Platform();
        await s3.DeleteObjectAsync(bucket, key);
    }

    public void Dispose() => writer.Dispose();

    private IAmazonS3 Platform()
    {
        var key = $"AKIA-PLATFORM-{name}";
        stage.Cloud.Admin.AddAccessKey(key, key, LocalCloudAccounts.OperatorRole);
        return stage.S3(key, key);
    }

    private Task<TenantEncryptionKey> ApplyKeyAsync(string key, TenantEncryptionKeySpec spec) =>
        stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = key, Namespace = Namespace },
                Spec = spec,
            },
            "test", CancellationToken.None);

    private Task<EncryptedStore> PatchAsync(JsonObject patch) => stage.Kube.Api<EncryptedStore>()
        .PatchMergeAsync(new ObjectKey(Namespace, Store), patch, CancellationToken.None);
}
