using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Aws.Stores;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Aws.Objects;

/// <summary>Reads an object through a fixed buffer and keeps nothing but its SHA-256.</summary>
internal sealed class S3Hasher(S3Site site)
{
    /// <summary>A stream that breaks is read again from the start, this often.</summary>
    private const int Attempts = 3;

    public async Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await OpenAsync(store, key, versionId, cancellation);
            try
            {
                return await StreamHash.OfAsync(answer.ResponseStream, answer.ContentLength, site.Time, cancellation);
            }
            catch (Exception broken) when (broken is not CloudException && !cancellation.IsCancellationRequested)
            {
                if (attempt == Attempts)
                {
                    throw new CloudException(AwsProblems.From(broken), "s3:GetObject",
                        answer.ResponseMetadata?.RequestId, broken);
                }
            }
        }
    }

    private Task<GetObjectResponse> OpenAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation) => site.SendAsync(
        new AwsRequest("s3:GetObject", store.Region, store.Name),
        (s3, stop) =>
            s3.GetObjectAsync(new GetObjectRequest { BucketName = store.Name, Key = key, VersionId = versionId }, stop),
        evidence: null,
        cancellation);
}
