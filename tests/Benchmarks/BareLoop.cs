using System.Text;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Records;
using ByokOperator.Stores;
using Cloud.Aws;
using Cloud.Keys;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud;
using Tag = Amazon.S3.Model.Tag;

namespace Benchmarks;

/// <summary>
/// What a script would do that knows the end from the start: each fact read once, each write made once, never a second
/// look. It can neither be interrupted nor run again, and stands for the least that a converged fleet costs.
/// </summary>
internal sealed class BareLoop(Fleet fleet, AwsCloud aws, IAmazonKeyManagementService kms, IAmazonS3 s3)
{
    private const string Manager = "bare-loop";

    public async Task RunAsync(int sideBySide, CancellationToken cancellation)
    {
        var keys = new Dictionary<string, TenantEncryptionKey>();
        await foreach (var page in fleet.Kube.Api<TenantEncryptionKey>().ListAsync(Selection.Everything, cancellation))
        {
            foreach (var key in page.Items)
            {
                keys[key.Metadata.Namespace!] = key;
            }
        }

        var stores = new List<EncryptedStore>();
        await foreach (var page in fleet.Kube.Api<EncryptedStore>().ListAsync(Selection.Everything, cancellation))
        {
            stores.AddRange(page.Items);
        }

        await Parallel.ForEachAsync(stores,
            new ParallelOptions { MaxDegreeOfParallelism = sideBySide, CancellationToken = cancellation },
            async (store, stop) =>
            {
                var key = keys[store.Metadata.Namespace!];
                await KeyAsync(key, stop);
                await StoreAsync(store, key.Spec.AwsKms!.Keys[0].Arn, stop);
            });
    }

    private async Task KeyAsync(TenantEncryptionKey key, CancellationToken cancellation)
    {
        await ClaimAsync(key, cancellation);
        await fleet.Kube.Api<ConfigMap>()
            .CreateAsync(
                KeyPolicyMap.Build(key,
                    KeyPolicyMap.For(key, new KeyBinding(key.Metadata.Namespace!, ["*"], DataPrincipal.Nobody),
                        aws.Policies)), cancellation, Manager);
        var arn = key.Spec.AwsKms!.Keys[0].Arn;
        var context = new Dictionary<string, string>
        {
            ["byok.dev/tenant"] = key.Metadata.Namespace!,
            ["byok.dev/namespace"] = key.Metadata.Namespace!,
            ["byok.dev/key"] = key.Metadata.Name,
        };
        var made = await kms.GenerateDataKeyWithoutPlaintextAsync(
            new GenerateDataKeyWithoutPlaintextRequest
            {
                KeyId = arn,
                KeySpec = DataKeySpec.AES_256,
                EncryptionContext = context,
            }, cancellation);
        var canary = new Canary(arn, made.KeyMaterialId, made.CiphertextBlob.ToArray(), context);
        await kms.DecryptAsync(
            new DecryptRequest { KeyId = arn, CiphertextBlob = made.CiphertextBlob, EncryptionContext = context },
            cancellation);
        await RecordAsync<KeyRecord>(key.Metadata, KeyRecordCanary.Of(canary).Text(), cancellation);
        await fleet.Kube.Api<TenantEncryptionKey>().ApplyStatusAsync(
            new TenantEncryptionKey
            {
                Metadata = new ObjectMeta { Name = key.Metadata.Name, Namespace = key.Metadata.Namespace },
                Status = new TenantEncryptionKeyStatus
                {
                    ObservedGeneration = 1,
                    Verdict = "Usable",
                    Conditions = [Ready()],
                },
            },
            Manager, cancellation);
    }

    private async Task StoreAsync(EncryptedStore store, string keyArn, CancellationToken cancellation)
    {
        await ClaimAsync(store, cancellation);
        var bucket = StoreNames.Place(store);
        await RecordAsync<StoreRecord>(store.Metadata,
            RecordCodec.TextOf(StoreRecord.New(RecordOwner.Of(store.Metadata)).PutBy(store.Spec, "", "uid")),
            cancellation);
        await BucketAsync(bucket, store.Metadata.Uid!, keyArn, cancellation);
        await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = ".byok/pin.json",
                ContentBody = keyArn,
                ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
                ServerSideEncryptionKeyManagementServiceKeyId = keyArn,
            },
            cancellation);
        await LookAsync(bucket, keyArn, cancellation);
        await fleet.Kube.Api<ConfigMap>().CreateAsync(Binding.For(store, keyArn, null), cancellation, Manager);
        await fleet.Kube.Api<ConfigMap>().CreateAsync(
            new ConfigMap
            {
                Metadata = Children.Meta(store, StoreNames.Report(store), ReportMap.ChildKind),
                Data = new Dictionary<string, string> { [ReportMap.Entry] = new StringBuilder().Append('x', 4096)
                    .ToString() },
            },
            cancellation, Manager);
        await fleet.Kube.Api<EncryptedStore>().ApplyStatusAsync(
            new EncryptedStore
            {
                Metadata = new ObjectMeta { Name = store.Metadata.Name, Namespace = store.Metadata.Namespace },
                Status = new EncryptedStoreStatus
                {
                    ObservedGeneration = 1,
                    Availability = "Open",
                    ActiveKey = keyArn,
                    Conditions = [Ready()],
                },
            },
            Manager, cancellation);
    }

    private Task<ConfigMap> RecordAsync<T>(ObjectMeta owner, string text, CancellationToken cancellation)
        where T : class, IRecord<T> => fleet.Kube.Api<ConfigMap>().CreateAsync(
            new ConfigMap
            {
                Metadata = new ObjectMeta
                {
                    Name = RecordCodec.NameOf<T>(RecordOwner.Of(owner)),
                    Namespace = "byok-system",
                    Labels = new Dictionary<string, string> { ["byok.dev/record"] = T.Kind },
                },
                Data = new Dictionary<string, string>
                {
                    ["record"] = text,
                    ["mac"] = Convert.ToBase64String(new byte[32]),
                },
            },
            cancellation, Manager);

    private async Task BucketAsync(string bucket, string owner, string keyArn, CancellationToken cancellation)
    {
        await s3.PutBucketAsync(
            new PutBucketRequest
            {
                BucketName = bucket,
                UseClientRegion = false,
                ObjectOwnership = ObjectOwnership.BucketOwnerEnforced,
                PutBucketConfiguration = new PutBucketConfiguration { LocationConstraint = CloudProcess.Region },
            },
            cancellation);
        await s3.PutBucketTaggingAsync(
            new PutBucketTaggingRequest
            {
                BucketName = bucket,
                TagSet = [new Tag { Key = "byok.dev/owner", Value = owner }],
            }, cancellation);
        await s3.PutBucketEncryptionAsync(
            new PutBucketEncryptionRequest
            {
                BucketName = bucket,
                ServerSideEncryptionConfiguration = new ServerSideEncryptionConfiguration
                {
                    ServerSideEncryptionRules =
                    [
                        new ServerSideEncryptionRule
                        {
                            ServerSideEncryptionByDefault = new ServerSideEncryptionByDefault
                            {
                                ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.AWSKMS,
                                ServerSideEncryptionKeyManagementServiceKeyId = keyArn,
                            },
                        },
                    ],
                },
            },
            cancellation);
        await s3.PutPublicAccessBlockAsync(
            new PutPublicAccessBlockRequest
            {
                BucketName = bucket,
                PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration
                {
                    BlockPublicAcls = true,
                    BlockPublicPolicy = true,
                    IgnorePublicAcls = true,
                    RestrictPublicBuckets = true,
                },
            },
            cancellation);
        await s3.PutBucketPolicyAsync(
            new PutBucketPolicyRequest
            {
                BucketName = bucket,
                Policy = $$"""
                    {"Version":"2012-10-17","Statement":[{"Sid":"OnlyKms","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::{{bucket}}/*",
                    "Condition":{"Null":{"s3:x-amz-server-side-encryption":"false"},"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"} } } ] }
                    """,
            },
            cancellation);
    }

    /// <summary>Every aspect that a report vouches for, side by side where the operator asks side by side.</summary>
    private async Task LookAsync(string bucket, string keyArn, CancellationToken cancellation)
    {
        await s3.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = bucket }, cancellation);
        await Task.WhenAll(
            s3.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = bucket }, cancellation),
            s3.GetPublicAccessBlockAsync(new GetPublicAccessBlockRequest { BucketName = bucket }, cancellation),
            s3.GetBucketOwnershipControlsAsync(new GetBucketOwnershipControlsRequest { BucketName = bucket },
                cancellation),
            s3.GetBucketVersioningAsync(new GetBucketVersioningRequest { BucketName = bucket }, cancellation),
            s3.GetBucketPolicyAsync(new GetBucketPolicyRequest { BucketName = bucket }, cancellation));
        await s3.ListVersionsAsync(new ListVersionsRequest { BucketName = bucket }, cancellation);
        await kms.DescribeKeyAsync(new DescribeKeyRequest { KeyId = keyArn }, cancellation);
    }

    private Task<T> ClaimAsync<T>(T subject, CancellationToken cancellation)
        where T : class, IResource<T> => fleet.Kube.Api<T>().PatchJsonAsync(
            subject.Metadata.Key,
            JsonPatch.Empty.Add("/metadata/finalizers", new System.Text.Json.Nodes.JsonArray(Labels.Finalizer)),
            cancellation);

    private static Condition Ready() => new()
    {
        Type = "Ready",
        Status = "True",
        Reason = "Done",
        ObservedGeneration = 1,
        LastTransitionTime = TimeProvider.System.GetUtcNow(),
    };
}
