using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Cluster.Tests.Primitives;
using LocalCloud;

namespace Cluster.Tests.Moving;

/// <summary>Names the key that its binding names, and tries nothing twice.</summary>
internal sealed class S3Workload(LocalCloudServer cloud) : IWorkload, IDisposable
{
    private readonly AmazonS3Client s3 =
        AwsScene.S3(cloud, LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret, retries: 0);

    public async Task<string?> WriteAsync(IReadOnlyDictionary<string, string> binding, string name, byte[] content)
    {
        var request = new PutObjectRequest
        {
            BucketName = binding["bucket"],
            Key = name,
            InputStream = new MemoryStream(content),
        };
        if (binding["key"] is { Length: > 0 } key)
        {
            request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS;
            request.ServerSideEncryptionKeyManagementServiceKeyId = key;
        }

        try
        {
            await s3.PutObjectAsync(request);
            return null;
        }
        catch (AmazonS3Exception refused)
        {
            return refused.ErrorCode;
        }
    }

    public async Task<(string? Digest, string? Refusal)> ReadAsync(
        IReadOnlyDictionary<string, string> binding, string name)
    {
        try
        {
            using var answer = await s3.GetObjectAsync(binding["bucket"], name);
            return (Convert.ToHexStringLower(await SHA256.HashDataAsync(answer.ResponseStream)), null);
        }
        catch (AmazonS3Exception refused)
        {
            return (null, refused.ErrorCode);
        }
    }

    public void Dispose() => s3.Dispose();
}
