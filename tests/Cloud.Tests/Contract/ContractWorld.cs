using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cloud.Tests.Contract;

/// <summary>A server, the operator's adapters on it, and the people around it
/// with the bare SDK in their hands.</summary>
internal sealed class ContractWorld : IObjectWorld, IDisposable
{
    public const string Region = "eu-central-1";

    /// <summary>The quotas of these would make a row of several imports take half a minute.</summary>
    private static readonly Dictionary<string, double> NoWaiting = new()
    {
        ["kms:GetParametersForImport"] = 1000, ["kms:ImportKeyMaterial"] = 1000, ["kms:CreateKey"] = 1000,
        ["kms:CreateAlias"] = 1000, ["kms:DeleteImportedKeyMaterial"] = 1000,
        ["kms:RotateKeyOnDemand"] = 1000,
    };

    private readonly ContractServer server;

    public ContractWorld(ContractServer server)
    {
        this.server = server;
        Cloud = Adapters(long.MaxValue);
        Tenant = Kms(server.Tenant);
        Administrator = Kms(server.Platform);
        Workload = S3(server.Workload);
        Platform = S3(server.Platform);
    }

    public AwsCloud Cloud { get; }

    public IObjectData Objects => Cloud.Objects;

    public IAmazonKeyManagementService Tenant { get; }

    /// <summary>Of the account that the operator runs in.</summary>
    public IAmazonKeyManagementService Administrator { get; }

    public string OperatorRole => server.OperatorRole;

    public IAmazonS3 Workload { get; }

    public IAmazonS3 Platform { get; }

    public Dictionary<string, string> Context { get; } = new() { ["byok.dev/tenant"] = "acme" };

    /// <summary>Whose keys are, and who reads.</summary>
    public KeyBinding Binding => new("acme", ["*"], new DataPrincipal(server.WorkloadRole, null));

    public AwsCloud Adapters(long multipartAbove) => AwsCloud.Create(
        new AwsOptions
        {
            AccessKey = server.Operator,
            OperatorRoleArn = server.OperatorRole,
            KmsEndpoint = server.Url,
            S3Endpoint = server.Url,
            StsEndpoint = server.Url,
            HomeRegion = Region,
            MultipartAbove = multipartAbove,
            Rates = NoWaiting,
        },
        TimeProvider.System,
        NullLoggerFactory.Instance);

    /// <summary>A key of the tenant's, with exactly the policy that the operator asks for.</summary>
    public async Task<KeyRef> KeyAsync()
    {
        var made = await Tenant.CreateKeyAsync(new CreateKeyRequest());
        var key = new KeyRef(Region, made.KeyMetadata.Arn);
        await Tenant.PutKeyPolicyAsync(
            new PutKeyPolicyRequest
            {
                KeyId = key.Id,
                PolicyName = "default",
                Policy = Cloud.Policies.RequiredPolicy(key, Binding),
            });
        return key;
    }

    /// <summary>A key of the account that the operator's buckets are in.</summary>
    public async Task<KeyRef> OwnKeyAsync()
    {
        var made = await Administrator.CreateKeyAsync(new CreateKeyRequest());
        var key = new KeyRef(Region, made.KeyMetadata.Arn);
        await Administrator.PutKeyPolicyAsync(
            new PutKeyPolicyRequest
            {
                KeyId = key.Id,
                PolicyName = "default",
                Policy = Cloud.Policies.RequiredPolicy(key, Binding),
            });
        return key;
    }

    /// <summary>By an administrator of the platform's.</summary>
    public Task PlatformPutAsync(StoreRef store, string key, string content) =>
        Platform.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = store.Name,
                Key = key,
                ContentBody = content,
                UseChunkEncoding = false,
            });

    public async Task<StoreSpec> StoreAsync(bool versioned = false)
    {
        var spec = Spec(await KeyAsync(), versioned);
        await Cloud.Stores.PrepareAsync(spec, CancellationToken.None);
        return spec;
    }

    public static StoreSpec Spec(KeyRef key, bool versioned = false) =>
        new(new StoreRef(Region, Name()), $"uid-{Guid.NewGuid():N}", key, BucketKey: false, versioned);

    /// <summary>A shared bucket of the platform's.</summary>
    public async Task<SharedRef> SharedAsync(bool versioned = false)
    {
        var name = Name();
        await Platform.PutBucketAsync(new PutBucketRequest { BucketName = name, BucketRegionName = Region });
        if (versioned)
        {
            await Platform.PutBucketVersioningAsync(new PutBucketVersioningRequest
            {
                BucketName = name, VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled },
            });
        }

        return new SharedRef(new StoreRef(Region, name), "acme/");
    }

    public async Task<Dictionary<string, string>> TagsAsync(StoreRef store) =>
        (await Platform.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = store.Name })).TagSet
            .ToDictionary(tag => tag.Key, tag => tag.Value);

    /// <summary>One more.</summary>
    public async Task TagAsync(StoreRef store, string key, string value)
    {
        var tags = await TagsAsync(store);
        tags[key] = value;
        await Platform.PutBucketTaggingAsync(new PutBucketTaggingRequest
        {
            BucketName = store.Name,
            TagSet = [.. tags.Select(one => new Amazon.S3.Model.Tag { Key = one.Key, Value = one.Value })],
        });
    }

    public Task<PutObjectResponse> PutAsync(StoreRef store, string key, string content) => Workload.PutObjectAsync(
        new PutObjectRequest { BucketName = store.Name, Key = key, ContentBody = content, UseChunkEncoding = false });

    Task IObjectWorld.PutAsync(StoreRef store, string key, string content) => PutAsync(store, key, content);

    public Task DisableAsync(KeyRef key) => Tenant.DisableKeyAsync(new DisableKeyRequest { KeyId = key.Id });

    public static ImportedKeyOwner Owner() => new(Guid.NewGuid().ToString(), "acme", "acme-2026");

    /// <summary>For what tells a key by its ARN alone.</summary>
    public static ImportPlace Place { get; } = new(Owner(), Region);

    /// <summary>A named key of ours with this material.</summary>
    public async Task<ImportedKey> ImportedKeyAsync(ImportedKeyOwner owner, byte[] material)
    {
        var made = await Cloud.ImportedKeys.CreateAsync(new(owner, Region), Binding.Workloads, CancellationToken.None);
        await Cloud.ImportedKeys.NameAsync(new(owner, Region), made.Key, CancellationToken.None);
        await ImportAsync(made.Key, material);
        return (await Cloud.ImportedKeys.FindAsync(new(owner, Region), CancellationToken.None))!;
    }

    public Task<ImportOutcome> ImportAsync(
        KeyRef key, byte[] material, MaterialExpiry? expiry = null, string? materialId = null) =>
        Cloud.ImportedKeys.ImportAsync(Place, key, material, expiry ?? new MaterialExpiry.Never(), materialId,
            CancellationToken.None);

    public Task<KeyProof> ProveAsync(KeyRef key, Canary? stored = null) =>
        Cloud.Keys.ProveAsync(key, Context, stored, CancellationToken.None);

    public void Dispose()
    {
        Cloud.Dispose();
        Tenant.Dispose();
        Administrator.Dispose();
        Workload.Dispose();
        Platform.Dispose();
    }

    private static string Name() => $"b-{Guid.NewGuid():N}";

    private static BasicAWSCredentials Of(AwsAccessKey key) => new(key.Id, key.Secret);

    private AmazonKeyManagementServiceClient Kms(AwsAccessKey key) => new(Of(key), new AmazonKeyManagementServiceConfig
    {
        ServiceURL = server.Url, AuthenticationRegion = Region, MaxErrorRetry = 0,
    });

    private AmazonS3Client S3(AwsAccessKey key) => new(Of(key), new AmazonS3Config
    {
        ServiceURL = server.Url,
        AuthenticationRegion = Region,
        ForcePathStyle = true,
        MaxErrorRetry = 0,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
    });
}
