using System.Globalization;
using LocalCloud.Faults;
using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

/// <summary>GetObject, HeadObject, GetObjectAttributes.</summary>
internal sealed class ObjectReads(KeyAccess keys)
{
    /// <summary>A reset overtakes bytes that are still on their way;
    /// a client that saw none would just ask again.</summary>
    private static readonly TimeSpan CutLinger = TimeSpan.FromMilliseconds(100);

    public async Task GetObject(S3Call call)
    {
        var (bucket, version) = Find(call);
        Conditions.DemandRead(call, version);
        S3Problems.DemandNotArchived(version);
        keys.DemandReadable(call, bucket, version.Encryption);
        var (start, count) = Describe(call, bucket, version);
        if (call.Aws.Late is FaultEffect.CutBody cut && cut.AfterBytes < count)
        {
            await version.Content.WriteToAsync(call.Aws.Response.BodyWriter, start, cut.AfterBytes, call.Cancellation);
            await Task.Delay(CutLinger, call.Cancellation);
            throw new DroppedException();
        }

        await version.Content.WriteToAsync(call.Aws.Response.BodyWriter, start, count, call.Cancellation);
    }

    /// <summary>Needs no key unless the checksum is asked for: HEAD goes on after a revocation.</summary>
    public Task HeadObject(S3Call call)
    {
        var (bucket, version) = Find(call);
        KeyAccess.DemandCustomerKey(call, version.Encryption);
        Conditions.DemandRead(call, version);
        if (WantsChecksum(call))
        {
            keys.DemandReadable(call, bucket, version.Encryption);
        }

        Describe(call, bucket, version);
        return Task.CompletedTask;
    }

    public async Task GetObjectAttributes(S3Call call)
    {
        var (bucket, version) = Find(call);
        keys.DemandReadable(call, bucket, version.Encryption);
        var wanted = (call.Header("x-amz-object-attributes") ?? "").Split(',', StringSplitOptions.TrimEntries);
        call.Aws.Response.Headers.LastModified = version.Modified.ToString("R", CultureInfo.InvariantCulture);
        ObjectAnswers.WriteVersion(call, bucket, version);
        await S3Xml.SendAsync(call, "GetObjectAttributesResponse", xml =>
        {
            if (wanted.Contains("ETag"))
            {
                xml.WriteElementString("ETag", version.ETag);
            }

            if (wanted.Contains("Checksum") && version.Checksum is { } checksum)
            {
                xml.WriteStartElement("Checksum");
                xml.WriteElementString(checksum.ElementName, checksum.Value);
                xml.WriteElementString("ChecksumType", checksum.TypeName);
                xml.WriteEndElement();
            }

            if (wanted.Contains("ObjectParts") && version.PartSizes is { } parts)
            {
                xml.WriteStartElement("ObjectParts");
                xml.WriteElementString("PartsCount", parts.Count.ToString(CultureInfo.InvariantCulture));
                xml.WriteEndElement();
            }

            if (wanted.Contains("StorageClass"))
            {
                xml.WriteElementString("StorageClass", version.StorageClass);
            }

            if (wanted.Contains("ObjectSize"))
            {
                xml.WriteElementString("ObjectSize", version.Content.Length.ToString(CultureInfo.InvariantCulture));
            }
        });
    }

    private static (Bucket Bucket, ObjectVersion Version) Find(S3Call call)
    {
        var id = call.Query("versionId");
        var bucket = call.PermittedObject(id is null ? "s3:GetObject" : "s3:GetObjectVersion");
        var version = bucket.Find(call.Key, id) ?? throw call.Missing(bucket, id);
        if (!version.IsDeleteMarker)
        {
            return (bucket, version);
        }

        call.Aws.Response.Headers["x-amz-delete-marker"] = "true";
        call.Aws.Response.Headers["x-amz-version-id"] = version.Id;
        throw id is null ? S3Problems.NoSuchKey() : S3Problems.MethodNotAllowed();
    }

    private static bool WantsChecksum(S3Call call) =>
        string.Equals(call.Header("x-amz-checksum-mode"), "ENABLED", StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes status and headers; says which bytes go into the body.</summary>
    private static (long Start, long Count) Describe(S3Call call, Bucket bucket, ObjectVersion version)
    {
        var length = version.Content.Length;
        var response = call.Aws.Response;
        var (start, count, partial) = Range(call, version, length);
        S3Xml.Stamp(call.Aws);
        ObjectAnswers.WriteAll(call, bucket, version);
        if (partial)
        {
            response.StatusCode = 206;
            response.Headers.ContentRange = $"bytes {start}-{start + count - 1}/{length}";
        }
        else if (WantsChecksum(call))
        {
            ObjectAnswers.WriteChecksum(call, version.Checksum);
        }

        response.ContentLength = count;
        return (start, count);
    }

    private static (long Start, long Count, bool Partial) Range(S3Call call, ObjectVersion version, long length)
    {
        if (call.Query("partNumber") is { } text && int.TryParse(text, CultureInfo.InvariantCulture, out var part))
        {
            return PartRange(call, version, part, length);
        }

        var header = call.Header("Range");
        if (header is null || !ByteRange.TryParse(header, length, out var start, out var count))
        {
            return (0, length, false);
        }

        return count > 0 ? (start, count, true)
            : throw new AwsProblem(416, "InvalidRange", "The requested range is not satisfiable")
            {
                Detail = ("ActualObjectSize", length.ToString(CultureInfo.InvariantCulture)),
            };
    }

    private static (long Start, long Count, bool Partial) PartRange(
        S3Call call, ObjectVersion version, int part, long length)
    {
        var sizes = version.PartSizes ?? [length];
        if (part < 1 || part > sizes.Count)
        {
            throw new AwsProblem(416, "InvalidPartNumber", "The requested partnumber is not satisfiable");
        }

        call.Aws.Response.Headers["x-amz-mp-parts-count"] = sizes.Count.ToString(CultureInfo.InvariantCulture);
        return (sizes.Take(part - 1).Sum(), sizes[part - 1], length > 0);
    }
}
