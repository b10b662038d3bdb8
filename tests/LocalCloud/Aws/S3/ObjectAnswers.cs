using System.Globalization;
using System.Text;

namespace LocalCloud.Aws.S3;

/// <summary>Response headers that describe an object.</summary>
internal static class ObjectAnswers
{
    public static void WriteEncryption(S3Call call, ObjectEncryption encryption)
    {
        var headers = call.Aws.Response.Headers;
        if (encryption.CustomerKeyMd5 is { } md5)
        {
            headers["x-amz-server-side-encryption-customer-algorithm"] = encryption.Algorithm;
            headers["x-amz-server-side-encryption-customer-key-MD5"] = md5;
            return;
        }

        headers["x-amz-server-side-encryption"] = encryption.Algorithm;
        if (encryption.KeyArn is not null)
        {
            headers["x-amz-server-side-encryption-aws-kms-key-id"] = encryption.KeyArn;
        }

        if (encryption.BucketKey)
        {
            headers["x-amz-server-side-encryption-bucket-key-enabled"] = "true";
        }
    }

    public static void WriteVersion(S3Call call, Bucket bucket, ObjectVersion version)
    {
        if (bucket.Versioning != Versioning.Off)
        {
            call.Aws.Response.Headers["x-amz-version-id"] = version.Id;
        }
    }

    public static void WriteChecksum(S3Call call, ObjectChecksum? checksum)
    {
        if (checksum is not null)
        {
            call.Aws.Response.Headers[checksum.HeaderName] = checksum.Value;
            call.Aws.Response.Headers["x-amz-checksum-type"] = checksum.TypeName;
        }
    }

    public static void WriteAll(S3Call call, Bucket bucket, ObjectVersion version)
    {
        var headers = call.Aws.Response.Headers;
        headers.ETag = Quoted(version.ETag);
        headers.LastModified = version.Modified.ToString("R", CultureInfo.InvariantCulture);
        headers.AcceptRanges = "bytes";
        WriteVersion(call, bucket, version);
        WriteEncryption(call, version.Encryption);
        if (version.StorageClass != "STANDARD")
        {
            headers["x-amz-storage-class"] = version.StorageClass;
        }

        if (version.Tags.Count > 0)
        {
            headers["x-amz-tagging-count"] = version.Tags.Count.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in version.Headers.System)
        {
            if (ObjectHeaders.RightToSee(name) is not { } right || call.May(bucket, right, bucket.ArnOf(call.Key)))
            {
                headers[name] = value;
            }
        }

        foreach (var (name, value) in version.Headers.User)
        {
            headers[ObjectHeaders.UserPrefix + name] = Ascii(value);
        }

        WriteOverrides(call);
    }

    public static string Quoted(string etag) => "\"" + etag + "\"";

    private static void WriteOverrides(S3Call call)
    {
        foreach (var (name, value) in call.Aws.Query.Pairs)
        {
            if (name.StartsWith("response-", StringComparison.Ordinal))
            {
                call.Aws.Response.Headers[name["response-".Length..]] = value;
            }
        }
    }

    /// <summary>S3 gives metadata beyond ASCII back as an RFC 2047 word.</summary>
    private static string Ascii(string value) =>
        System.Text.Ascii.IsValid(value) ? value
            : $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}?=";
}
