using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using Byok.Import.Wrapping;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using Cloud.Keys;
using Cluster.Tests.Primitives;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using LocalCloud.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;
using Shouldly;

namespace ByokOperator.Tests.Stories;

/// <summary>One tenant on embedded servers with the whole operator running: real SDK calls, real watches, no real clock
/// waits beyond the story's own.</summary>
internal sealed class Tenant : IAsyncDisposable
{
    public const string Namespace = "tenant-acme";
    public const string SharedBucket = "platform-backups";
    public const string Prefix = "acme/";

    private Tenant(Stage stage, string keyArn)
    {
        Stage = stage;
        KeyArn = keyArn;
        Writer = stage.WorkloadsOf(Namespace);
    }

    public Stage Stage { get; }

    public string KeyArn { get; }

    /// <summary>One of the platform's own writers.</summary>
    public IAmazonS3 Writer { get; }

    public LocalCloudAdmin Cloud => Stage.Cloud.Admin;

    public static Task<Tenant> MoveInAsync(Func<OperatorOptions, OperatorOptions>? change = null) =>
        MoveInWithAsync(stage => stage.StartOperator(NullLoggerFactory.Instance, change));

    /// <param name="operate">Starts the operator, in this process or in one of its own.</param>
    public static async Task<Tenant> MoveInWithAsync(Action<Stage> operate)
    {
        var stage = await Stage.SetAsync(null, NullLoggerFactory.Instance);
        await WrappingKeyOnHand.PutAsync(stage);
        var arn = stage.Cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, Stage.Region);
        stage.Cloud.Admin.SetKeyPolicy(arn, stage.KeyPolicy(arn, Namespace));
        await stage.GiveAsync(Namespace);
        stage.Cloud.Admin.CreateBucket(SharedBucket, Stage.Region, LocalCloudAccounts.Platform);
        operate(stage);
        return new Tenant(stage, arn);
    }

    public Task PutAsync(string key, string content) =>
        Writer.PutObjectAsync(new PutObjectRequest { BucketName = SharedBucket, Key = key, ContentBody = content });

    public Task ApplyKeyAsync(string name = "key", string? arn = null, string maxStaleness = "60s") =>
        Stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = name, Namespace = Namespace },
                Spec = new TenantEncryptionKeySpec
                {
                    Revocation = new KeyRevocation { ProbeInterval = "1s", MaxStaleness = maxStaleness },
                    AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = Stage.Region, Arn = arn ?? KeyArn }] },
                },
            },
            "test", CancellationToken.None);

    /// <summary>A key whose material the tenant hands over.</summary>
    public Task ApplyImportedKeyAsync(string state, string confirm = "", params string[] regions) =>
        ApplyImportedKeyAsync(state, confirm,
            new ImportedSource { Aws = new AwsImport { Regions = regions is [] ? [Stage.Region] : regions } });

    public Task ApplyImportedKeyAsync(
        string state, string confirm, ImportedSource source, string probeInterval = "1s",
        string maxStaleness = "60s") =>
        Stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = "key", Namespace = Namespace },
                Spec = new TenantEncryptionKeySpec
                {
                    State = state,
                    Revocation = new KeyRevocation
                    {
                        Confirm = confirm,
                        ProbeInterval = probeInterval,
                        MaxStaleness = maxStaleness,
                    },
                    Imported = source,
                },
            },
            "test", CancellationToken.None);

    public Task UploadAsync(byte[] secret, byte[]? keyHash = null) =>
        HandedOver.UploadAsync(Stage, Namespace, secret, keyHash);

    public async Task<TenantEncryptionKey> UntilKeyAsync(Func<TenantEncryptionKey, bool> holds)
    {
        TenantEncryptionKey? key = null;
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(50))
        {
            await Stage.ThrowIfDeadAsync();
            key = await KeyAsync();
            if (key.Status is { } status && holds(key))
            {
                ConditionsContract.Check(status.Conditions, status.ObservedGeneration ?? 0).ShouldBeEmpty();
                return key;
            }
        }

        throw new TimeoutException(
            $"in vain: {(key is null ? "no key" : JsonSerializer.Serialize(key, TenantEncryptionKey.Json))}");
    }

    public static string? ReasonOf(TenantEncryptionKey key) =>
        Conditions.Find(key.Status?.Conditions ?? [], "Ready")?.Reason;

    public Task ApplyStoreAsync(string name = "store", Func<EncryptedStoreSpec, EncryptedStoreSpec>? change = null) =>
        Stage.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = name, Namespace = Namespace },
                Spec = (change ?? (spec => spec))(new EncryptedStoreSpec
                {
                    KeyRef = new ByokOperator.Api.KeyReference { Name = "key" },
                    Aws = new AwsStore { Region = Stage.Region },
                    Shared =
                        new SharedLocation { Aws = new AwsSharedLocation { Bucket = SharedBucket, Prefix = Prefix } },
                    Migration = new MigrationPolicy { Parallelism = 2 },
                }),
            },
            "test", CancellationToken.None);

    public async Task<EncryptedStore> UntilAsync(Func<EncryptedStore, bool> holds, string name = "store")
    {
        EncryptedStore? store = null;
        for (var until = TimeProvider.System.GetUtcNow() + LastResort.Timeout; TimeProvider.System.GetUtcNow() < until;
            await Task.Delay(50))
        {
            await Stage.ThrowIfDeadAsync();
            store = await Stage.Kube.Api<EncryptedStore>()
                .TryGetAsync(new ObjectKey(Namespace, name), CancellationToken.None);
            if (store?.Status is { } status && holds(store))
            {
                ConditionsContract.Check(status.Conditions, status.ObservedGeneration ?? 0).ShouldBeEmpty();
                return store;
            }
        }

        throw new TimeoutException(
            $"in vain: {(store is null ? "no store" : JsonSerializer.Serialize(store, EncryptedStore.Json))}");
    }

    public Task<EncryptedStore> UntilReadyAsync() =>
        UntilAsync(store => Is(store, "Ready", "True") && store.Status?.Availability == "Open");

    public Task<EncryptedStore> UntilClosedAsync() => UntilAsync(store => store.Status?.Availability == "Closed"
        && Is(store, "BindingRemoved", "True") && Is(store, "TargetDenied", "True") && Is(store, "CopyJobsGone", "True")
        && Is(store, "GrantsRevoked", "True"));

    public async Task<TenantEncryptionKey> KeyAsync() =>
        await Stage.Kube.Api<TenantEncryptionKey>().GetAsync(new ObjectKey(Namespace, "key"), CancellationToken.None);

    public async Task<EncryptedStore> StoreAsync() =>
        await Stage.Kube.Api<EncryptedStore>().GetAsync(new ObjectKey(Namespace, "store"), CancellationToken.None);

    public async Task<bool> BindingStandsAsync() =>
        await Stage.Kube.Api<PartialObject<ConfigMap>>()
            .TryGetAsync(new ObjectKey(Namespace, StoreNames.BindingOf("store")), CancellationToken.None) is not null;

    /// <summary>By somebody of the platform who may; all other tags of the bucket go.</summary>
    public async Task TagAsync(string bucket, string key, string value)
    {
        const string AccessKey = "AKIA-TAGGER";
        Cloud.AddAccessKey(AccessKey, AccessKey, LocalCloudAccounts.OperatorRole);
        using var s3 = Stage.S3(AccessKey, AccessKey);
        await s3.PutBucketTaggingAsync(
            new PutBucketTaggingRequest { BucketName = bucket, TagSet = [new Tag { Key = key, Value = value }] });
    }

    /// <summary>Null when LIST is refused.</summary>
    public async Task<IReadOnlyList<string>?> ListAsync(string bucket, string prefix)
    {
        try
        {
            var answer =
                await Writer.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = prefix });
            return [.. (answer.S3Objects ?? []).Select(item => item.Key)];
        }
        catch (AmazonS3Exception refused) when (refused.ErrorCode == "AccessDenied")
        {
            return null;
        }
    }

    public async Task<string> ReadAsync(string bucket, string key)
    {
        using var answer = await Writer.GetObjectAsync(bucket, key);
        using var reader = new StreamReader(answer.ResponseStream);
        return await reader.ReadToEndAsync();
    }

    public static bool Is(EncryptedStore store, string type, string status) =>
        Conditions.Find(store.Status?.Conditions ?? [], type)?.Status == status;

    public static string? ReasonOf(EncryptedStore store) =>
        Conditions.Find(store.Status?.Conditions ?? [], "Ready")?.Reason;

    public async ValueTask DisposeAsync()
    {
        Writer.Dispose();
        await Stage.DisposeAsync();
    }
}
