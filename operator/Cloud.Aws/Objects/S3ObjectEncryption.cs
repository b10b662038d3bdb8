using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Aws.Stores;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Aws.Objects;

/// <summary>UpdateObjectEncryption, and the multipart uploads that a change of the default leaves behind.</summary>
internal sealed class S3ObjectEncryption(S3Site site) : IObjectEncryption
{
    private const string Update = "s3:UpdateObjectEncryption";

    /// <summary>One name, so that an interrupted trial leaves one object at most;
    /// it stands under a key of the store's like all others.</summary>
    private const string TrialKey = Mark.Root + "encryption-trial";

    private const int TrialBytes = 32;
    private const int PageSize = 1000;

    /// <summary>S3 asks it of the new key alone; what it asks of the old one, tenants' keys do not allow.</summary>
    public async Task<bool> CouldUpdateAsync(StoreRef store, IReadOnlyList<KeyRef> keys, CancellationToken cancellation)
    {
        var account = (await site.CallerAsync(cancellation)).Account;
        return keys.All(key => AwsArn.TryParse(key.Id, out var arn) && arn.Account == account);
    }

    public async Task<UpdateSupport> TryUpdateAsync(
        StoreRef store, KeyRef from, KeyRef to, CancellationToken cancellation)
    {
        if (!await CouldUpdateAsync(store, [to], cancellation))
        {
            return new UpdateSupport.Refused(
                "OtherAccount",
                "S3 puts objects under keys of the bucket's own account alone where they stand, and the key is "
                    + "another account's");
        }

        var content = RandomNumberGenerator.GetBytes(TrialBytes);
        var trial = await WriteTrialAsync(store, from, content, cancellation);
        try
        {
            await UpdateAsync(store, trial, to, bucketKey: false, cancellation);
            return await HoldsAsync(store, trial, content, to, cancellation)
                ? new UpdateSupport.Works()
                : new UpdateSupport.Refused("NotServed",
                    "the server answers UpdateObjectEncryption and does something else");
        }
        catch (CloudException refused)
            when (refused.Problem is CloudProblem.Refused or CloudProblem.Forbidden or CloudProblem.NotFound)
        {
            return new UpdateSupport.Refused(refused.Problem.Code, refused.Problem.Message);
        }
        finally
        {
            await RemoveTrialAsync(store, trial);
        }
    }

    public Task UpdateAsync(
        StoreRef store, ObjectVersion version, KeyRef key, bool bucketKey, CancellationToken cancellation) => SendAsync(
        Update,
        store,
        (s3, account, stop) => s3.UpdateObjectEncryptionAsync(
            new UpdateObjectEncryptionRequest
            {
                BucketName = store.Name,
                Key = version.Key,
                VersionId = version.VersionId,
                ObjectEncryption = new ObjectEncryption
                {
                    SSEKMS = new SSEKMSEncryption { KMSKeyArn = key.Id, BucketKeyEnabled = bucketKey },
                },
                ExpectedBucketOwner = account,
            },
            stop),
        cancellation);

    public async IAsyncEnumerable<UnfinishedUpload> ListUploadsAsync(
        StoreRef store, string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (keyMarker, idMarker) = ((string?)null, (string?)null);
        while (true)
        {
            var page = await PageAsync(store, prefix, (keyMarker, idMarker), cancellation);
            foreach (var upload in page.MultipartUploads ?? [])
            {
                var started = new DateTimeOffset((upload.Initiated ?? DateTime.UnixEpoch).ToUniversalTime());
                yield return new UnfinishedUpload(Plain(page, upload.Key)!, upload.UploadId, started);
            }

            if (page.IsTruncated is not true)
            {
                yield break;
            }

            var next = (Plain(page, page.NextKeyMarker), page.NextUploadIdMarker);
            if (next.Item1 is null or "" || next == (keyMarker, idMarker))
            {
                throw new CloudException(
                    new CloudProblem.Unreachable("ListStuck",
                        "the listing says that there is more, but not from where"), "s3:ListBucketMultipartUploads");
            }

            (keyMarker, idMarker) = next;
        }
    }

    public async Task AbortUploadAsync(StoreRef store, UnfinishedUpload upload, CancellationToken cancellation)
    {
        try
        {
            await SendAsync(
                "s3:AbortMultipartUpload",
                store,
                (s3, account, stop) => s3.AbortMultipartUploadAsync(
                    new AbortMultipartUploadRequest
                    {
                        BucketName = store.Name, Key = upload.Key, UploadId = upload.UploadId,
                        ExpectedBucketOwner = account,
                    },
                    stop),
                cancellation);
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound { Code: "NoSuchUpload" })
        {
            // Completed or aborted meanwhile.
        }
    }

    private async Task<ObjectVersion> WriteTrialAsync(
        StoreRef store, KeyRef key, byte[] content, CancellationToken cancellation)
    {
        var request = new PutObjectRequest
        {
            BucketName = store.Name,
            Key = TrialKey,
            InputStream = new MemoryStream(content, writable: false),
            UseChunkEncoding = false,
            ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS,
            ServerSideEncryptionKeyManagementServiceKeyId = key.Id,
        };
        var answer = await site.SendAsync("s3:PutObject", store, (s3, stop) => s3.PutObjectAsync(request, stop),
            evidence: null, cancellation);
        var version = answer.VersionId is { Length: > 0 } id ? id : null;
        return new ObjectVersion(
            TrialKey, version, S3Values.Bare(answer.ETag), content.Length, site.Time.GetUtcNow(), IsDeleteMarker: false,
            IsLatest: true, StorageClass: null);
    }

    private async Task<bool> HoldsAsync(
        StoreRef store, ObjectVersion trial, byte[] content, KeyRef key, CancellationToken cancellation)
    {
        var read = Array.Empty<byte>();
        var answer = await site.SendAsync(
            "s3:GetObject",
            store,
            async (s3, stop) =>
            {
                using var got = await s3.GetObjectAsync(
                    new GetObjectRequest { BucketName = store.Name, Key = trial.Key, VersionId = trial.VersionId },
                    stop);
                read = new byte[Math.Clamp(got.ContentLength, 0, TrialBytes + 1)];
                await got.ResponseStream.ReadExactlyAsync(read, stop);
                return got;
            },
            evidence: null,
            cancellation);
        return S3Values.Bare(answer.ETag) == trial.ETag
            && answer.ServerSideEncryptionKeyManagementServiceKeyId == key.Id
            && read.AsSpan().SequenceEqual(content);
    }

    /// <summary>Not the caller's token, and nobody's trouble: what stays is re-encrypted like everything else, and
    /// written over by the next trial.</summary>
    private async Task RemoveTrialAsync(StoreRef store, ObjectVersion trial)
    {
        try
        {
            await site.SendAsync(
                "s3:DeleteObject",
                store,
                (s3, stop) =>
                    s3.DeleteObjectAsync(
                        new DeleteObjectRequest
                        {
                            BucketName = store.Name,
                            Key = trial.Key,
                            VersionId = trial.VersionId,
                        }, stop),
                evidence: null,
                CancellationToken.None);
        }
        catch (CloudException)
        {
        }
    }

    private Task<ListMultipartUploadsResponse> PageAsync(
        StoreRef store, string prefix, (string? Key, string? Id) after, CancellationToken cancellation) =>
            site.SendAsync(
                "s3:ListBucketMultipartUploads",
                store,
                (s3, stop) => s3.ListMultipartUploadsAsync(
                    new ListMultipartUploadsRequest
                    {
                        BucketName = store.Name,
                        Prefix = prefix,
                        KeyMarker = after.Key,
                        UploadIdMarker = after.Id,
                        MaxUploads = PageSize,
                        Encoding = EncodingType.Url,
                    },
                    stop),
                evidence: null,
                cancellation);

    /// <summary>Asked for, because XML can't hold every character of a key. S3 writes a space as a plus.</summary>
    private static string? Plain(ListMultipartUploadsResponse page, string? text) =>
        page.EncodingType == EncodingType.Url ? WebUtility.UrlDecode(text) : text;

    private async Task SendAsync<T>(
        string operation, StoreRef store, Func<IAmazonS3, string, CancellationToken, Task<T>> send,
        CancellationToken cancellation)
        where T : Amazon.Runtime.AmazonWebServiceResponse
    {
        var account = (await site.CallerAsync(cancellation)).Account;
        await site.SendAsync(operation, store, (s3, stop) => send(s3, account, stop), evidence: null, cancellation);
    }
}
