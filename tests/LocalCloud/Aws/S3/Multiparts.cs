using System.Globalization;
using System.Security.Cryptography;
using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

/// <summary>Multipart uploads begun, fed and abandoned.</summary>
internal sealed class Multiparts(KeyAccess keys, BodyIntake intake, ObjectCopies copies, S3Store store)
{
    private const int MaxParts = 10_000;
    private const long MaxPart = 5L << 30;

    public async Task CreateMultipartUpload(S3Call call)
    {
        var bucket = call.PermittedObject("s3:PutObject");
        ObjectWrites.DemandKey(call.Key);
        if (call.Header("x-amz-server-side-encryption-customer-algorithm") is not null)
        {
            throw S3Problems.NotModelled("x-amz-server-side-encryption-customer-algorithm");
        }

        var algorithm = call.Header("x-amz-checksum-algorithm") is { } name ? ObjectChecksum.Parse(name)
            : (ChecksumAlgorithm?)null;
        var upload = new MultipartUpload(Guid.NewGuid().ToString("N"), call.Key, ObjectHeaders.Read(call.Aws),
            keys.Begin(call, bucket, call.Key), store.Now)
        {
            StorageClass = ObjectWrites.StorageClassOf(call),
            Tags = Tagging.FromHeader(call.Header("x-amz-tagging")),
            Algorithm = algorithm,
            FullObjectChecksum = WantsFullObject(call, algorithm),
            Initiator = call.Aws.Caller.Arn,
            SseHeader = call.Header("x-amz-server-side-encryption"),
            SseKeyHeader = call.Header("x-amz-server-side-encryption-aws-kms-key-id"),
        };
        bucket.Uploads[upload.Id] = upload;
        ObjectAnswers.WriteEncryption(call, upload.Encryption);
        if (algorithm is { } known)
        {
            call.Aws.Response.Headers["x-amz-checksum-algorithm"] = known.ToString();
            call.Aws.Response.Headers["x-amz-checksum-type"] = upload.FullObjectChecksum ? "FULL_OBJECT" : "COMPOSITE";
        }

        await S3Xml.SendAsync(call, "InitiateMultipartUploadResult", xml =>
        {
            xml.WriteElementString("Bucket", bucket.Name);
            xml.WriteElementString("Key", call.Key);
            xml.WriteElementString("UploadId", upload.Id);
        });
    }

    public async Task UploadPart(S3Call call)
    {
        var (bucket, upload, number) = Find(call);
        keys.DemandReadable(call, bucket, upload.Encryption);
        var received = await intake.ReceiveAsync(call, upload.Algorithm);
        if (upload.Algorithm is { } wanted && received.Checksum.Algorithm != wanted)
        {
            throw S3Problems.InvalidRequest(
                $"Checksum Type mismatch occurred, expected checksum Type: {wanted}, actual checksum Type: "
                    + $"{received.Checksum.Algorithm}");
        }

        var part = Keep(upload, number, received.Content, received.Checksum);
        call.Aws.Response.Headers.ETag = ObjectAnswers.Quoted(part.ETag);
        ObjectAnswers.WriteEncryption(call, upload.Encryption);
        call.Aws.Response.Headers[received.Checksum.HeaderName] = received.Checksum.Value;
        await S3Xml.SendEmptyAsync(call);
    }

    public async Task UploadPartCopy(S3Call call)
    {
        var (bucket, upload, number) = Find(call);
        keys.DemandReadable(call, bucket, upload.Encryption);
        var (_, source, _) = copies.Source(call);
        var content = copies.Moved(Slice(call, source.Content));
        var checksum = ObjectChecksum.Of(content, upload.Algorithm ?? ChecksumAlgorithm.CRC64NVME);
        var part = Keep(upload, number, content, checksum);
        ObjectAnswers.WriteEncryption(call, upload.Encryption);
        await S3Xml.SendAsync(call, "CopyPartResult", xml =>
        {
            xml.WriteElementString("LastModified", S3Xml.Time(part.Modified));
            xml.WriteElementString("ETag", ObjectAnswers.Quoted(part.ETag));
            if (upload.Algorithm is not null)
            {
                xml.WriteElementString(checksum.ElementName, checksum.Value);
            }
        });
    }

    public Task AbortMultipartUpload(S3Call call)
    {
        var bucket = call.PermittedObject("s3:AbortMultipartUpload");
        return bucket.Uploads.TryRemove(call.Query("uploadId")!, out _) ? S3Xml.SendEmptyAsync(call, 204)
            : throw S3Problems.NoSuchUpload();
    }

    public static MultipartUpload FindUpload(S3Call call, Bucket bucket) =>
        bucket.Uploads.TryGetValue(call.Query("uploadId")!, out var upload) && upload.Key == call.Key ? upload
            : throw S3Problems.NoSuchUpload();

    private static (Bucket Bucket, MultipartUpload Upload, int Number) Find(S3Call call)
    {
        var bucket = call.Bucket();
        var upload = FindUpload(call, bucket);
        call.Question.Upload = upload;
        call.Demand(bucket, "s3:PutObject", bucket.ArnOf(call.Key));
        return int.TryParse(call.Query("partNumber"), CultureInfo.InvariantCulture, out var number)
            && number is >= 1 and <= MaxParts
            ? (bucket, upload, number)
            : throw S3Problems.InvalidArgument($"Part number must be an integer between 1 and {MaxParts}, inclusive");
    }

    private UploadedPart Keep(MultipartUpload upload, int number, Content content, ObjectChecksum checksum)
    {
        var etag = upload.Encryption.IsKms ? RandomNumberGenerator.GetBytes(16) : content.Md5;
        var part = new UploadedPart(number, content, Convert.ToHexStringLower(etag), checksum, store.Now);
        lock (upload.Parts)
        {
            upload.Parts[number] = part;
        }

        return part;
    }

    private static Content Slice(S3Call call, Content whole)
    {
        if (call.Header("x-amz-copy-source-range") is not { } header)
        {
            return whole.Length <= MaxPart ? whole
                : throw S3Problems.InvalidRequest(
                    "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120");
        }

        // Unlike a GET, a copied range must lie within the source.
        var fits = ByteRange.TryParse(header, long.MaxValue, out var start, out var count) && count > 0
            && start + count <= whole.Length && !header.EndsWith('-');
        if (!fits)
        {
            throw S3Problems.InvalidArgument($"Range specified is not valid for source object of size: {whole.Length}");
        }

        return count <= MaxPart ? SlicedContent.Of(whole, start, count)
            : throw S3Problems.InvalidRequest(
                "The specified copy range is larger than the maximum allowable size for a part: 5368709120");
    }

    private static bool WantsFullObject(S3Call call, ChecksumAlgorithm? algorithm)
    {
        var type = call.Header("x-amz-checksum-type");
        if (type == "FULL_OBJECT" && algorithm is (ChecksumAlgorithm.SHA1 or ChecksumAlgorithm.SHA256))
        {
            throw S3Problems.InvalidRequest(
                $"The FULL_OBJECT checksum type cannot be used with the {algorithm} checksum algorithm.");
        }

        if (type == "COMPOSITE" && algorithm is ChecksumAlgorithm.CRC64NVME)
        {
            throw S3Problems.InvalidRequest(
                "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.");
        }

        return type == "FULL_OBJECT" || algorithm is null or ChecksumAlgorithm.CRC64NVME;
    }
}
