using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Cluster;
using Kube.Core;
using LocalCloud;
using Microsoft.Extensions.Logging.Abstractions;
using Quickstart;

namespace Benchmarks;

/// <summary>A tenant with a store under one key of two, by the engine that a change of key takes.</summary>
internal abstract class ChangeScene(string engine, string service)
{
    public const string Space = "tenant-acme";

    public static IEnumerable<ChangeScene> All =>
    [
        new OnAws("Update (in place)", LocalCloudAccounts.Platform, isVersioned: true),
        new OnAws("Copy (onto itself)", LocalCloudAccounts.Tenant, isVersioned: false),
        new OnAws("Move (to the next bucket)", LocalCloudAccounts.Tenant, isVersioned: true),
        new OnAzure(),
    ];

    public string Engine => engine;

    /// <summary>Of what objects are asked of.</summary>
    public string Service => service;

    public string SecondKey { get; protected set; } = "";

    /// <summary>The operator runs, both keys and the store are applied.</summary>
    public async Task<Stage> SetAsync()
    {
        var stage = await Stage.SetAsync(null, NullLoggerFactory.Instance);
        await stage.GiveAsync(Space);
        // its workers take the same cores: it is not to lose its lease by that
        stage.StartOperator(NullLoggerFactory.Instance,
            options => options with { Lease = new LeaseOptions { Duration = TimeSpan.FromMinutes(5) } });
        var (first, second) = (Make(stage, "first"), Make(stage, "second"));
        foreach (var (name, spec) in new[] { ("key", first), ("second", second) })
        {
            await stage.Kube.Api<TenantEncryptionKey>().ApplyAsync(
                new TenantEncryptionKey
                {
                    Metadata = new ObjectMeta { Name = name, Namespace = Space },
                    Spec = spec with { Revocation = new KeyRevocation { ProbeInterval = "5s", MaxStaleness = "1h" } },
                }, "benchmarks", CancellationToken.None);
        }

        await stage.Kube.Api<EncryptedStore>().ApplyAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = "store", Namespace = Space },
                Spec = Place(new EncryptedStoreSpec
                {
                    KeyRef = new ByokOperator.Api.KeyReference { Name = "key" },
                    Migration = new MigrationPolicy { Parallelism = 2 },
                    Rotation = new StoreRotation { Overlap = "1s" },
                }),
            }, "benchmarks", CancellationToken.None);
        return stage;
    }

    public abstract Task FillAsync(Stage stage, StoreLocation store, int objects, CancellationToken cancellation);

    protected abstract TenantEncryptionKeySpec Make(Stage stage, string name);

    protected abstract EncryptedStoreSpec Place(EncryptedStoreSpec store);

    private sealed class OnAws(string engine, string account, bool isVersioned) : ChangeScene(engine, "s3")
    {
        public override async Task FillAsync(
            Stage stage, StoreLocation store, int objects, CancellationToken cancellation)
        {
            using var s3 = stage.S3(LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret);
            if (isVersioned)
            {
                await s3.PutBucketVersioningAsync(
                    new PutBucketVersioningRequest
                    {
                        BucketName = store.Bucket,
                        VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
                    }, cancellation);
            }

            await Parallel.ForAsync(0, objects, cancellation, async (number, stop) => await s3.PutObjectAsync(
                new PutObjectRequest { BucketName = store.Bucket, Key = $"many/{number:00000}", ContentBody = "x" },
                stop));
        }

        protected override TenantEncryptionKeySpec Make(Stage stage, string name)
        {
            SecondKey = stage.Cloud.Admin.CreateKey(account, Stage.Region);
            stage.Cloud.Admin.SetKeyPolicy(SecondKey, stage.KeyPolicy(SecondKey, Space));
            return new() { AwsKms = new() { Keys = [new() { Region = Stage.Region, Arn = SecondKey }] } };
        }

        protected override EncryptedStoreSpec Place(EncryptedStoreSpec store) =>
            store with { Aws = new AwsStore { Region = Stage.Region } };
    }

    private sealed class OnAzure() : ChangeScene("the account's root key wrapped anew", "blob")
    {
        public override Task FillAsync(
            Stage stage, StoreLocation store, int objects, CancellationToken cancellation)
        {
            var place = store.Bucket.Split('/');
            stage.Cloud.Admin.Azure.PutMany(place[0], place[1], "many/", objects, 64, 1);
            return Task.CompletedTask;
        }

        protected override TenantEncryptionKeySpec Make(Stage stage, string name)
        {
            var azure = stage.Cloud.Admin.Azure;
            azure.CreateVault(name);
            azure.CreateKey(name, "acme");
            azure.AddRole(azure.ObjectIdOf(LocalCloudAzure.Tenant, LocalCloudAzure.AppClientId)!,
                "Key Vault Crypto Service Encryption User", $"{azure.VaultId(name)}/keys/acme");
            SecondKey = $"https://{name}.vault.azure.net/keys/acme";
            return new()
            {
                AzureKeyVault = new()
                {
                    VaultUri = $"https://{name}.vault.azure.net", KeyName = "acme", TenantId = LocalCloudAzure.Tenant,
                    ClientId = LocalCloudAzure.AppClientId,
                },
            };
        }

        protected override EncryptedStoreSpec Place(EncryptedStoreSpec store) => store with
        {
            Azure = new AzureStore
            {
                SubscriptionId = LocalCloudAzure.PlatformSubscription, ResourceGroup = LocalCloudAzure.ResourceGroup,
                Location = LocalCloudAzure.Location,
            },
        };
    }
}
