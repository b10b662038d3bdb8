using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Api;
using LocalCloud;

namespace Quickstart;

/// <summary>Buckets.</summary>
internal sealed class S3Shelf(Stage stage, string ns) : IShelf
{
    public string Shared => "platform-backups";

    public Task MakeSharedAsync()
    {
        if (!stage.Cloud.Admin.HasBucket(Shared))
        {
            stage.Cloud.Admin.CreateBucket(Shared, Stage.Region, LocalCloudAccounts.Platform);
        }

        return Task.CompletedTask;
    }

    public async Task PutAsync(string name, string content)
    {
        using var writer = Connect();
        await writer.PutObjectAsync(new PutObjectRequest { BucketName = Shared, Key = name, ContentBody = content });
    }

    public async Task<int> CountAsync(string prefix)
    {
        using var reader = Connect();
        return (await reader.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = Shared, Prefix = prefix })).KeyCount ?? 0;
    }

    public EncryptedStoreSpec Place(EncryptedStoreSpec spec, string prefix) => spec with
    {
        Aws = new AwsStore { Region = Stage.Region },
        Shared = new SharedLocation { Aws = new AwsSharedLocation { Bucket = Shared, Prefix = prefix } },
    };

    public async Task<string> EncryptionAsync(string place, string name)
    {
        using var reader = Connect();
        using var one = await reader.GetObjectAsync(place, name);
        return $"{one.ServerSideEncryptionMethod} under {one.ServerSideEncryptionKeyManagementServiceKeyId}";
    }

    public async Task<string> ListAsync(string place, string prefix)
    {
        using var reader = Connect();
        try
        {
            var page = await reader.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = place, Prefix = prefix });
            return $"200 ({page.KeyCount} keys)";
        }
        catch (AmazonS3Exception refused)
        {
            return $"{(int)refused.StatusCode} {refused.ErrorCode}";
        }
    }

    private IAmazonS3 Connect() => stage.WorkloadsOf(ns);
}
