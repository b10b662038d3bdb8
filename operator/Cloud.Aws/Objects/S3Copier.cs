using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Aws.Stores;
using Cloud.Calling;
using Cloud.Objects;

namespace Cloud.Aws.Objects;

/// <summary>Copies within S3. Each request says its encryption:
/// a store that gets none writes with what it likes.</summary>
internal sealed class S3Copier(S3Site site, S3PartCopier parts, KeyGuard guard)
{
    public async Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation)
    {
        var result = order.Version.Size > site.Options.MultipartAbove
            ? await parts.CopyAsync(order, cancellation)
            : await CopyWholeAsync(order, cancellation);
        if (result.KeyId is null)
        {
            result = await AskAsync(order, result, cancellation);
        }

        await guard.RequireAsync("s3:CopyObject", order.Target, (order.TargetKey, result), order.Key,
            order.IsOntoItself);
        return result;
    }

    private async Task<CopyResult> CopyWholeAsync(CopyOrder order, CancellationToken cancellation)
    {
        var request = new CopyObjectRequest
        {
            SourceBucket = order.Source.Name,
            SourceKey = order.Version.Key,
            SourceVersionId = order.Version.VersionId,
            DestinationBucket = order.Target.Name,
            DestinationKey = order.TargetKey,
            ETagToMatch = S3Values.Quoted(order.Version.ETag),
            IfMatch = order.IsOntoItself ? S3Values.Quoted(order.Version.ETag) : null,
            MetadataDirective = S3MetadataDirective.COPY,
            TaggingDirective = TaggingDirective.COPY,
            ServerSideEncryptionMethod = S3Values.MethodOf(order.Key),
            ServerSideEncryptionKeyManagementServiceKeyId = S3Values.KeyOf(order.Key),
            BucketKeyEnabled = order.Key.IsStoreManaged ? null : order.BucketKey,

            // Left out, S3 keeps the algorithm that the source has, and the two can be compared without reading either.
            ChecksumAlgorithm = order.Version.ChecksumAlgorithm is null ? ChecksumAlgorithm.SHA256 : null,
        };
        if (order.RedirectTo is { } redirect)
        {
            request.WebsiteRedirectLocation = redirect;
        }

        if (order.Version.StorageClass is { Length: > 0 } storageClass)
        {
            request.StorageClass = S3StorageClass.FindValue(storageClass);
        }

        var answer = await site.SendAsync(
            new AwsRequest("s3:CopyObject", order.Target.Region, order.Target.Name, CallRetryPolicy.Copy),
            (s3, stop) => s3.CopyObjectAsync(request, stop),
            evidence: null,
            cancellation);
        return new CopyResult(
            answer.VersionId,
            S3Values.Bare(answer.ETag),
            S3Values.WrittenUnder(order.Key, answer.ServerSideEncryptionMethod,
                answer.ServerSideEncryptionKeyManagementServiceKeyId),
            S3Values.ChecksumOf(answer)) { RedirectTo = order.RedirectTo };
    }

    /// <summary>An answer without the key is no proof of it: the object itself is asked.</summary>
    private async Task<CopyResult> AskAsync(CopyOrder order, CopyResult result, CancellationToken cancellation)
    {
        var answer = await site.SendAsync(
            "s3:HeadObject",
            order.Target,
            (s3, stop) => s3.GetObjectMetadataAsync(
                new GetObjectMetadataRequest
                {
                    BucketName = order.Target.Name,
                    Key = order.TargetKey,
                    VersionId = result.VersionId,
                }, stop),
            evidence: null,
            cancellation);
        return result with
        {
            KeyId = S3Values.WrittenUnder(order.Key, answer.ServerSideEncryptionMethod,
                answer.ServerSideEncryptionKeyManagementServiceKeyId),
        };
    }
}
