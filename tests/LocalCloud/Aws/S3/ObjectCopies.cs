using System.Globalization;
using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

/// <summary>CopyObject: content is shared unless there is a place to copy it to,
/// everything else is made anew under the target's key.</summary>
internal sealed class ObjectCopies(KeyAccess keys, S3Store store, SegmentStore? place)
{
    private const long MaxCopy = 5L << 30;

    /// <summary>The source of CopyObject or UploadPartCopy: permitted, present, its preconditions met,
    /// its key usable.</summary>
    public (Bucket Bucket, ObjectVersion Version, string Key) Source(S3Call call)
    {
        var (name, key, id) = Parse(call.Header("x-amz-copy-source")!);
        var bucket = store.Find(name) ?? throw S3Problems.NoSuchBucket(name);
        call.Demand(bucket, id is null ? "s3:GetObject" : "s3:GetObjectVersion", bucket.ArnOf(key));
        var version = bucket.Find(key, id) ?? throw call.Missing(bucket, id);
        if (version.IsDeleteMarker)
        {
            throw id is null ? S3Problems.NoSuchKey()
                : S3Problems.InvalidRequest(
                    "The source of a copy request may not specifically refer to a delete marker by version id.");
        }

        Conditions.DemandSource(call, version);
        S3Problems.DemandNotArchived(version);
        keys.DemandReadable(call, bucket, version.Encryption, isSource: true);
        if (bucket.Versioning != Versioning.Off)
        {
            call.Aws.Response.Headers["x-amz-copy-source-version-id"] = version.Id;
        }

        return (bucket, version, key);
    }

    public async Task CopyObject(S3Call call)
    {
        var bucket = call.PermittedObject("s3:PutObject");
        ObjectWrites.DemandKey(call.Key);
        var (sourceBucket, source, sourceKey) = Source(call);
        if (source.Content.Length > MaxCopy)
        {
            throw S3Problems.InvalidRequest(
                "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120");
        }

        var replace = Replaces(call, "x-amz-metadata-directive");
        DemandChange(call,
            (sourceBucket == bucket && sourceKey == call.Key
                && call.Header("x-amz-copy-source")!.Contains("versionId=", StringComparison.Ordinal) is false)
                    && !replace);
        var tags = TagsFor(call, bucket, sourceBucket, (source, sourceKey));
        var encryption = keys.Begin(call, bucket, call.Key);
        var version = new ObjectVersion(bucket.NewVersionId(), store.Now)
        {
            Content = Moved(source.Content),
            Checksum = ChecksumFor(call, source),
            ETag = ETagOf(encryption, source),
            Encryption = encryption,
            Headers = replace ? ObjectHeaders.Read(call.Aws) : source.Headers.ForCopy(call.Aws),
            StorageClass = ObjectWrites.StorageClassOf(call),
            Tags = tags,
        };
        bucket.Put(call.Key, version, Conditions.ForWrite(call));
        ObjectAnswers.WriteEncryption(call, encryption);
        ObjectAnswers.WriteVersion(call, bucket, version);
        await S3Xml.SendAsync(call, "CopyObjectResult", xml =>
        {
            xml.WriteElementString("LastModified", S3Xml.Time(version.Modified));
            xml.WriteElementString("ETag", ObjectAnswers.Quoted(version.ETag));
            if (version.Checksum is { } checksum)
            {
                xml.WriteElementString("ChecksumType", checksum.TypeName);
                xml.WriteElementString(checksum.ElementName, checksum.Value);
            }
        });
    }

    /// <summary>The bytes of a copy, of an object or of a part.</summary>
    public Content Moved(Content content) => place?.Keep(content) ?? content;

    private static string ETagOf(ObjectEncryption encryption, ObjectVersion source)
    {
        var keeps = !encryption.HidesContent && !source.Encryption.HidesContent
            && !source.ETag.Contains('-', StringComparison.Ordinal);
        return keeps ? source.ETag
            : ObjectWrites.ETagFor(encryption, encryption.HidesContent ? [] : source.Content.Md5);
    }

    private static ObjectChecksum? ChecksumFor(S3Call call, ObjectVersion source)
    {
        var named = call.Header("x-amz-checksum-algorithm");
        if (named is null && source.Checksum is not { Composite: true })
        {
            return source.Checksum;
        }

        var algorithm = named is null ? source.Checksum!.Algorithm : ObjectChecksum.Parse(named);
        return source.Checksum is { Composite: false } same && same.Algorithm == algorithm ? same
            : ObjectChecksum.Of(source.Content, algorithm);
    }

    private static IReadOnlyList<KeyValuePair<string, string>> TagsFor(
        S3Call call, Bucket bucket, Bucket sourceBucket, (ObjectVersion Version, string Key) source)
    {
        if (Replaces(call, "x-amz-tagging-directive"))
        {
            var given = Tagging.FromHeader(call.Header("x-amz-tagging"));
            if (given.Count > 0)
            {
                call.Demand(bucket, "s3:PutObjectTagging", bucket.ArnOf(call.Key));
            }

            return given;
        }

        if (source.Version.Tags.Count > 0)
        {
            call.Demand(sourceBucket, Parse(call.Header("x-amz-copy-source")!).VersionId is null ? "s3:GetObjectTagging"
                : "s3:GetObjectVersionTagging", sourceBucket.ArnOf(source.Key));
            call.Demand(bucket, "s3:PutObjectTagging", bucket.ArnOf(call.Key));
        }

        return source.Version.Tags;
    }

    private static bool Replaces(S3Call call, string header) => call.Header(header) switch
    {
        null or "COPY" => false,
        "REPLACE" => true,
        _ => throw S3Problems.InvalidArgument($"Unknown directive in {header}"),
    };

    private static void DemandChange(S3Call call, bool ontoItself)
    {
        if (ontoItself && call.Header("x-amz-storage-class") is null
            && call.Header("x-amz-server-side-encryption") is null
            && call.Header("x-amz-website-redirect-location") is null
            && call.Header("x-amz-checksum-algorithm") is null)
        {
            throw S3Problems.InvalidRequest(
                "This copy request is illegal because it is trying to copy an object to itself without changing the "
                    + "object's metadata, storage class, website redirect location or encryption attributes.");
        }
    }

    private static (string Bucket, string Key, string? VersionId) Parse(string source)
    {
        const string mark = "?versionId=";
        var at = source.LastIndexOf(mark, StringComparison.Ordinal);
        var id = at < 0 ? null : source[(at + mark.Length)..];
        var path = Uri.UnescapeDataString(at < 0 ? source : source[..at]).TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < path.Length - 1 ? (path[..slash], path[(slash + 1)..], id)
            : throw S3Problems.InvalidArgument(
                "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
    }
}
