using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using Cloud.Keys;
using LocalCloud;
using LocalCloud.Faults;
using Quickstart;

namespace CloudStories;

/// <summary>KMS and S3: the tenant's account and the platform's.</summary>
internal sealed class AwsScene : ICloudScene
{
    private const string Shared = "platform-backups";

    private const string AllowsTenantAlone =
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{LocalCloudAccounts.Tenant}}:root"},"Action":"kms:*","Resource":"*"}]}""";

    private string allowsUs = "";

    private Stage? stage;
    private IAmazonS3? writer;

    public string KeyId { get; private set; } = "";

    private LocalCloudServer Cloud => stage?.Cloud ?? throw new InvalidOperationException("not set yet");

    private IAmazonS3 Writer => writer ?? throw new InvalidOperationException("not set yet");

    public void Set(Stage stage)
    {
        this.stage = stage;
        KeyId = Cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, Stage.Region);
        allowsUs = stage.KeyPolicy(KeyId, TenantLife.Acme);
        Cloud.Admin.CreateBucket(Shared, Stage.Region, LocalCloudAccounts.Platform);
        writer = stage.WorkloadsOf(TenantLife.Acme);
    }

    public void Grant(bool may) => Cloud.Admin.SetKeyPolicy(KeyId, may ? allowsUs : AllowsTenantAlone);

    public void SwitchKey(bool on) => Cloud.Admin.SetKeyState(KeyId, on ? "Enabled" : "Disabled");

    public string Version => Cloud.Admin.KeyMaterialId(KeyId) ?? throw new InvalidOperationException("no material");

    public void RotateKey() => Cloud.Admin.RotateKey(KeyId);

    public void ReplaceKey() => Cloud.Admin.ReplaceMaterial(KeyId);

    public void SilenceKeys(bool silent) => Cloud.Admin.KmsUnreachable = silent;

    public void SilenceStores(bool silent)
    {
        if (silent)
        {
            Cloud.Admin.AddFault(new FaultRule(new FaultEffect.Drop()) { Service = "s3" });
        }
        else
        {
            Cloud.Admin.ClearFaults();
        }
    }

    public TenantEncryptionKeySpec Name(TenantEncryptionKeySpec key) =>
        key with { AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = Stage.Region, Arn = KeyId }] } };

    public TenantEncryptionKeySpec NameElsewhere(TenantEncryptionKeySpec key) => key with
    {
        AzureKeyVault = new AzureKeyVaultSource
        {
            VaultUri = "https://acme-keys.vault.azure.net", KeyName = "acme", TenantId = LocalCloudAzure.Tenant,
            ClientId = LocalCloudAzure.AppClientId,
        },
    };

    public EncryptedStoreSpec Place(EncryptedStoreSpec store, string? own, string? prefix) => store with
    {
        Aws = new AwsStore { Region = Stage.Region, BucketName = own },
        Shared = prefix is null ? null
            : new SharedLocation { Aws = new AwsSharedLocation { Bucket = Shared, Prefix = prefix } },
    };

    public string TakeName()
    {
        Cloud.Admin.CreateBucket("taken-by-tenant", Stage.Region, LocalCloudAccounts.Tenant);
        return "taken-by-tenant";
    }

    public Task PutSharedAsync(string name, string content) =>
        Writer.PutObjectAsync(new PutObjectRequest { BucketName = Shared, Key = name, ContentBody = content });

    /// <summary>Under a key that its writer sends along and nobody keeps.</summary>
    public Task PutUnderOwnKeyAsync(string name) =>
        Writer.PutObjectAsync(new PutObjectRequest
        {
            BucketName = Shared,
            Key = name,
            ContentBody = "own",
            ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256,
            ServerSideEncryptionCustomerProvidedKey =
                Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)),
        });

    public Task PutHeldAsync(string name) =>
        Writer.PutObjectAsync(new PutObjectRequest
        {
            BucketName = Shared,
            Key = name,
            ContentBody = "held",
            ObjectLockLegalHoldStatus = ObjectLockLegalHoldStatus.On,
        });

    public Task PutRedirectAsync(string name, string redirect) =>
        Writer.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = Shared,
                Key = name,
                ContentBody = "moved",
                WebsiteRedirectLocation = redirect,
            });

    public async Task<string?> RedirectOfAsync(StoreLocation store, string name) =>
        (await Writer.GetObjectMetadataAsync(store.Bucket, name)).WebsiteRedirectLocation;

    public Task ArchiveSharedAsync(string name) =>
        Writer.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = Shared,
                Key = name,
                ContentBody = "cold",
                StorageClass = S3StorageClass.Glacier,
            });

    public async Task<IReadOnlyList<string>> ListSharedAsync(string prefix) =>
        await ListAsync(Shared, prefix) ?? throw new InvalidOperationException("refused");

    public async Task<string?> ReadAsync(StoreLocation store, string name)
    {
        try
        {
            using var answer = await Writer.GetObjectAsync(store.Bucket, name);
            using var reader = new StreamReader(answer.ResponseStream);
            return await reader.ReadToEndAsync();
        }
        catch (AmazonS3Exception refused) when (refused.ErrorCode == "AccessDenied")
        {
            return null;
        }
    }

    public Task<IReadOnlyList<string>?> ListAsync(StoreLocation store, string prefix) =>
        ListAsync(store.Bucket, prefix);

    public bool Stands(StoreLocation store) => Cloud.Admin.HasBucket(store.Bucket);

    public void HoldCopies(Turnstile turnstile) =>
        Cloud.Admin.AddFault(
            new FaultRule(new FaultEffect.Hold(turnstile)) { Service = "s3", Operation = "CopyObject" });

    public ValueTask DisposeAsync()
    {
        writer?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IReadOnlyList<string>?> ListAsync(string bucket, string prefix)
    {
        try
        {
            var answer = await Writer.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, Encoding = EncodingType.Url });
            return [.. (answer.S3Objects ?? []).Select(item => WebUtility.UrlDecode(item.Key))];
        }
        catch (AmazonS3Exception refused) when (refused.ErrorCode == "AccessDenied")
        {
            return null;
        }
    }
}
