using System.Buffers;
using System.Security.Cryptography;
using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Aws.Stores;
using Cloud.Stores;

namespace Cloud.Aws.Objects;

/// <summary>Reads an object through a fixed buffer and keeps nothing but its SHA-256.</summary>
internal sealed class S3Hasher(S3Site site)
{
    private const int BufferBytes = 128 << 10;

    /// <summary>The whole may take hours; a single read that brings nothing for so long is a dead connection.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    /// <summary>A stream that breaks is read again from the start, this often.</summary>
    private const int Attempts = 3;

    public async Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await OpenAsync(store, key, versionId, cancellation);
            try
            {
                return await DrainAsync(answer, cancellation);
            }
            catch (Exception broken) when (broken is not CloudException && !cancellation.IsCancellationRequested)
            {
                if (attempt == Attempts)
                {
                    throw new CloudException(AwsProblems.From(broken), "s3:GetObject", answer.ResponseMetadata?.RequestId, broken);
                }
            }
        }
    }

    private Task<GetObjectResponse> OpenAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) => site.SendAsync(
        new AwsRequest("s3:GetObject", store.Region, store.Name),
        (s3, stop) => s3.GetObjectAsync(new GetObjectRequest { BucketName = store.Name, Key = key, VersionId = versionId }, stop),
        evidence: null,
        cancellation);

    private async Task<byte[]> DrainAsync(GetObjectResponse answer, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var silence = new CancellationTokenSource(LongestSilence, site.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var total = 0L;
        try
        {
            while (await answer.ResponseStream.ReadAsync(buffer.AsMemory(0, BufferBytes), both.Token) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                total += count;
                silence.CancelAfter(LongestSilence);
            }
        }
        finally
        {
            // The content is a tenant's; the pool's next user gets none of it.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        return total == answer.ContentLength ? hash.GetHashAndReset() : throw new EndOfStreamException("the content ended early");
    }
}
