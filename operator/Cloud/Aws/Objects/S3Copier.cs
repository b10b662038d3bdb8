using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Aws.Stores;
using Cloud.Calling;
using Cloud.Objects;

namespace Cloud.Aws.Objects;

/// <summary>Copies within S3. Each request says its encryption: a store that gets none writes with what it likes.</summary>
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

        await guard.RequireAsync("s3:CopyObject", order.Target, order.TargetKey, result, order.Key);
        return result;
    }

    private async Task<CopyResult> CopyWholeAsync(CopyOrder order, CancellationToken cancellation)
    {
        var headers = Headers(order);
        var answer = await site.SendAsync(
            new AwsRequest("s3:CopyObject", order.Target.Region, order.Target.Name, CallPatience.Copy),
            (wire, stop) => wire.PutAsync(order.Target.Name, order.TargetKey, headers, stop),
            cancellation);
        return new CopyResult(
            answer["x-amz-version-id"],
            S3Words.Bare(answer.Text("ETag")),
            answer["x-amz-server-side-encryption-aws-kms-key-id"],
            S3Words.ChecksumOf(answer.Text("ChecksumType"), name => answer.Text($"Checksum{name}")));
    }

    private static List<KeyValuePair<string, string>> Headers(CopyOrder order)
    {
        var source = $"/{order.Source.Name}/{S3Path.OfKey(order.Version.Key)}";
        List<KeyValuePair<string, string>> headers =
        [
            new("x-amz-copy-source", order.Version.VersionId is { } version ? $"{source}?versionId={S3Path.OfValue(version)}" : source),
            new("x-amz-copy-source-if-match", S3Words.Quoted(order.Version.ETag)),
            new("x-amz-metadata-directive", "COPY"),
            new("x-amz-tagging-directive", "COPY"),
            new("x-amz-server-side-encryption", "aws:kms"),
            new("x-amz-server-side-encryption-aws-kms-key-id", order.Key.Id),
            new("x-amz-server-side-encryption-bucket-key-enabled", order.BucketKey ? "true" : "false"),
        ];
        if (order.Version.ChecksumAlgorithm is null)
        {
            // Left out, S3 keeps the algorithm that the source has, and the two can be compared without reading either.
            headers.Add(new("x-amz-checksum-algorithm", "SHA256"));
        }

        if (order.Version.StorageClass is { Length: > 0 } storageClass)
        {
            headers.Add(new("x-amz-storage-class", storageClass));
        }

        return headers;
    }

    /// <summary>An answer without the key is no proof of it: the object itself is asked.</summary>
    private async Task<CopyResult> AskAsync(CopyOrder order, CopyResult result, CancellationToken cancellation)
    {
        var answer = await site.SendAsync(
            "s3:HeadObject",
            order.Target,
            (s3, stop) => s3.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = order.Target.Name, Key = order.TargetKey, VersionId = result.VersionId }, stop),
            evidence: null,
            cancellation);
        return result with { KeyId = answer.ServerSideEncryptionKeyManagementServiceKeyId };
    }
}
