using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Stores;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Aws.Objects;

/// <summary>Small objects of our own beside the data: receipts and checkpoints.</summary>
internal sealed class S3Marks(S3Site site, KeyGuard guard)
{
    public async Task<Mark?> ReadAsync(StoreRef store, string key, CancellationToken cancellation)
    {
        var content = Array.Empty<byte>();
        var answer = await site.FindAsync(
            "s3:GetObject",
            store,
            async (s3, stop) =>
            {
                var got = await s3.GetObjectAsync(new GetObjectRequest { BucketName = store.Name, Key = key }, stop);
                using (got)
                {
                    content = await BodyAsync(got, stop);
                }

                return got;
            },
            evidence: null,
            cancellation);
        return answer is null ? null : new Mark(content, S3Values.Bare(answer.ETag));
    }

    public async Task<string> WriteAsync(
        StoreRef store,
        string key,
        ReadOnlyMemory<byte> content,
        (KeyRef Encryption, string? IfMatch) terms,
        CancellationToken cancellation)
    {
        if (content.Length > Mark.MostBytes)
        {
            throw Mark.TooLarge("s3:PutObject");
        }

        var answer = await site.SendAsync(
            "s3:PutObject", store, (s3, stop) => s3.PutObjectAsync(Request(store, key, content, terms), stop),
            evidence: null, cancellation);
        var written = new CopyResult(answer.VersionId, S3Values.Bare(answer.ETag),
            answer.ServerSideEncryptionKeyManagementServiceKeyId, null);
        await guard.RequireAsync("s3:PutObject", store, (key, written), terms.Encryption);
        return written.ETag;
    }

    private static PutObjectRequest Request(
        StoreRef store, string key, ReadOnlyMemory<byte> content, (KeyRef Encryption, string? IfMatch) terms)
    {
        var request = new PutObjectRequest
        {
            BucketName = store.Name,
            Key = key,
            InputStream = new MemoryStream(content.ToArray(), writable: false),
            ContentType = "application/json",
            UseChunkEncoding = false,
            ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
            ServerSideEncryptionKeyManagementServiceKeyId = terms.Encryption.Id,
        };
        if (terms.IfMatch is Mark.OnlyNew)
        {
            request.IfNoneMatch = "*";
        }
        else if (terms.IfMatch is { } etag)
        {
            request.IfMatch = S3Values.Quoted(etag);
        }

        return request;
    }

    private static async Task<byte[]> BodyAsync(GetObjectResponse answer, CancellationToken cancellation)
    {
        if (answer.ContentLength is < 0 or > Mark.MostBytes)
        {
            throw Mark.TooLarge("s3:GetObject");
        }

        var content = new byte[(int)answer.ContentLength];
        await answer.ResponseStream.ReadExactlyAsync(content, cancellation);
        return content;
    }
}
