using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Aws.Stores;
using Cloud.Calling;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Aws.Objects;

/// <summary>Copies an object by parts. A multipart upload inherits nothing,
/// so everything but the bytes is carried over by hand.</summary>
internal sealed class S3PartCopier(S3Site site)
{
    private const int PartsAtOnce = 8;
    private static readonly TimeSpan AbortBound = TimeSpan.FromSeconds(30);

    public async Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation)
    {
        var source = await HeadAsync(order, cancellation);
        var upload = await BeginAsync(order, source, cancellation);
        try
        {
            var parts = await CopyPartsAsync(order, upload, source.ContentLength, cancellation);
            return (await CompleteAsync(order, upload, parts, cancellation)) with
            {
                RedirectTo = Given(source.WebsiteRedirectLocation),
            };
        }
        catch
        {
            await AbortAsync(order.Target, order.TargetKey, upload);
            throw;
        }
    }

    private static string? Given(string? text) => text is { Length: > 0 } ? text : null;

    private Task<GetObjectMetadataResponse> HeadAsync(CopyOrder order, CancellationToken cancellation) =>
        site.SendAsync(
            "s3:HeadObject",
            order.Source,
            (s3, stop) => s3.GetObjectMetadataAsync(
                new GetObjectMetadataRequest
                {
                    BucketName = order.Source.Name,
                    Key = order.Version.Key,
                    VersionId = order.Version.VersionId,
                    EtagToMatch = S3Values.Quoted(order.Version.ETag),
                    ChecksumMode = ChecksumMode.ENABLED,
                },
                stop),
            evidence: null,
            cancellation);

    private async Task<string> BeginAsync(
        CopyOrder order, GetObjectMetadataResponse source, CancellationToken cancellation)
    {
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = order.Target.Name,
            Key = order.TargetKey,
            ServerSideEncryptionMethod = S3Values.MethodOf(order.Key),
            ServerSideEncryptionKeyManagementServiceKeyId = S3Values.KeyOf(order.Key),
            BucketKeyEnabled = order.Key.IsStoreManaged ? null : order.BucketKey,
            WebsiteRedirectLocation = source.WebsiteRedirectLocation,
            TagSet = await TagsAsync(order, cancellation),
        };
        if ((source.StorageClass?.Value ?? order.Version.StorageClass) is { Length: > 0 } storageClass)
        {
            request.StorageClass = S3StorageClass.FindValue(storageClass);
        }

        CarryHeaders(source, request);
        ChooseChecksum(source, request);
        var answer = await site.SendAsync(
            new AwsRequest("s3:CreateMultipartUpload", order.Target.Region, order.Target.Name),
            (s3, stop) => s3.InitiateMultipartUploadAsync(request, stop),
            evidence: null,
            cancellation);
        return answer.UploadId;
    }

    private static void CarryHeaders(GetObjectMetadataResponse source, InitiateMultipartUploadRequest request)
    {
        request.ContentType = source.Headers.ContentType;
        request.Headers.CacheControl = source.Headers.CacheControl;
        request.Headers.ContentDisposition = source.Headers.ContentDisposition;
        request.Headers.ContentEncoding = source.Headers.ContentEncoding;
        request.Headers["Content-Language"] = source.Headers["Content-Language"];
        if (source.ExpiresString is { Length: > 0 } expires)
        {
            request.Headers["Expires"] = expires;
        }

        foreach (var name in source.Metadata.Keys)
        {
            request.Metadata[name] = source.Metadata[name];
        }
    }

    /// <summary>A sum over the whole object can be kept through parts and compared with the source's;
    /// a SHA-256 can't.</summary>
    private static void ChooseChecksum(GetObjectMetadataResponse source, InitiateMultipartUploadRequest request)
    {
        var kept = S3Values.ChecksumOf(source);
        if (kept is { IsFullObject: true, Algorithm: "CRC64NVME" or "CRC32C" or "CRC32" })
        {
            request.ChecksumAlgorithm = ChecksumAlgorithm.FindValue(kept.Algorithm);
            request.ChecksumType = ChecksumType.FULL_OBJECT;
        }
        else
        {
            request.ChecksumAlgorithm = ChecksumAlgorithm.SHA256;
        }
    }

    private async Task<List<Tag>> TagsAsync(CopyOrder order, CancellationToken cancellation)
    {
        var answer = await site.SendAsync(
            "s3:GetObjectTagging",
            order.Source,
            (s3, stop) => s3.GetObjectTaggingAsync(
                new GetObjectTaggingRequest
                {
                    BucketName = order.Source.Name,
                    Key = order.Version.Key,
                    VersionId = order.Version.VersionId,
                }, stop),
            evidence: null,
            cancellation);
        return answer.Tagging ?? [];
    }

    private async Task<List<PartETag>> CopyPartsAsync(
        CopyOrder order, string upload, long size, CancellationToken cancellation)
    {
        var plan = PartPlan.For(size);
        var copied = new PartETag[plan.Count];
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = PartsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(plan, bounds,
            async (part, stop) => copied[part.Number - 1] = await CopyPartAsync(order, upload, part, stop));
        return [.. copied];
    }

    private async Task<PartETag> CopyPartAsync(
        CopyOrder order, string upload, (int Number, long First, long Last) part, CancellationToken cancellation)
    {
        var request = new CopyPartRequest
        {
            SourceBucket = order.Source.Name,
            SourceKey = order.Version.Key,
            SourceVersionId = order.Version.VersionId,
            DestinationBucket = order.Target.Name,
            DestinationKey = order.TargetKey,
            UploadId = upload,
            PartNumber = part.Number,
            FirstByte = part.First,
            LastByte = part.Last,
            ETagToMatch = [S3Values.Quoted(order.Version.ETag)],
        };
        var answer = await site.SendAsync(
            new AwsRequest("s3:UploadPartCopy", order.Target.Region, order.Target.Name, CallRetryPolicy.Copy),
            (s3, stop) => s3.CopyPartAsync(request, stop),
            evidence: null,
            cancellation);
        return new PartETag(answer, copyChecksums: true) { PartNumber = part.Number };
    }

    private async Task<CopyResult> CompleteAsync(
        CopyOrder order, string upload, List<PartETag> parts, CancellationToken cancellation)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = order.Target.Name,
            Key = order.TargetKey,
            UploadId = upload,
            PartETags = parts,
            IfMatch = order.IsOntoItself ? S3Values.Quoted(order.Version.ETag) : null,
        };
        var answer = await site.SendAsync(
            new AwsRequest("s3:CompleteMultipartUpload", order.Target.Region, order.Target.Name, CallRetryPolicy.Copy),
            (s3, stop) => s3.CompleteMultipartUploadAsync(request, stop),
            evidence: null,
            cancellation);
        var writtenUnder = S3Values.WrittenUnder(order.Key, answer.ServerSideEncryptionMethod,
            answer.ServerSideEncryptionKeyManagementServiceKeyId);
        return new CopyResult(answer.VersionId, S3Values.Bare(answer.ETag), writtenUnder, S3Values.ChecksumOf(answer));
    }

    /// <summary>Not the caller's token: an upload left open is paid for, and pins the key, for good.</summary>
    private async Task AbortAsync(StoreRef target, string key, string upload)
    {
        using var bound = new CancellationTokenSource(AbortBound, site.Time);
        try
        {
            await site.SendAsync(
                "s3:AbortMultipartUpload",
                target,
                (s3, stop) => s3.AbortMultipartUploadAsync(
                    new AbortMultipartUploadRequest { BucketName = target.Name, Key = key, UploadId = upload }, stop),
                evidence: null,
                bound.Token);
        }
        catch (Exception failure) when (failure is CloudException or OperationCanceledException)
        {
            // The copy's own failure is the one to tell; an upload that stays is reported by the store's description.
        }
    }
}
