using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using LocalCloud.Storage;

namespace LocalCloud.Aws.S3;

/// <summary>CompleteMultipartUpload: parts become one object, if they are the parts the client means.</summary>
internal sealed class MultipartCompletion(KeyAccess keys, S3Store store)
{
    private const long MinPart = 5L << 20;

    public async Task CompleteMultipartUpload(S3Call call)
    {
        var bucket = call.Bucket();
        var upload = Multiparts.FindUpload(call, bucket);
        call.Question.Upload = upload;
        call.Demand(bucket, "s3:PutObject", bucket.ArnOf(call.Key));
        var (root, _) = await S3Xml.ReadAsync(call);
        var parts = Chosen(upload, root);
        var precondition = Conditions.ForWrite(call);

        // S3 reads the parts again to join them, which takes the key.
        keys.DemandReadable(call, bucket, upload.Encryption);
        var checksum = ChecksumOf(upload, parts);
        DemandAsDeclared(call, parts, checksum);
        var version = new ObjectVersion(bucket.NewVersionId(), store.Now)
        {
            Content = parts.Count == 1 ? parts[0].Content : new JoinedContent([.. parts.Select(part => part.Content)]),
            ETag = ETagOf(upload, parts),
            Checksum = checksum,
            Encryption = upload.Encryption,
            Headers = upload.Headers,
            StorageClass = upload.StorageClass,
            Tags = upload.Tags,
            PartSizes = [.. parts.Select(part => part.Content.Length)],
        };
        if (!bucket.Uploads.TryRemove(upload.Id, out _))
        {
            throw S3Problems.NoSuchUpload();
        }

        Store(bucket, upload, version, precondition);
        ObjectAnswers.WriteEncryption(call, version.Encryption);
        ObjectAnswers.WriteVersion(call, bucket, version);
        await S3Xml.SendAsync(call, "CompleteMultipartUploadResult", xml =>
        {
            xml.WriteElementString("Location",
                $"http://{call.Aws.Request.Host}/{bucket.Name}/{Rfc3986.Encode(call.Key, keepSlash: true)}");
            xml.WriteElementString("Bucket", bucket.Name);
            xml.WriteElementString("Key", call.Key);
            xml.WriteElementString("ETag", ObjectAnswers.Quoted(version.ETag));
            if (version.Checksum is { } kept)
            {
                xml.WriteElementString(kept.ElementName, kept.Value);
                xml.WriteElementString("ChecksumType", kept.TypeName);
            }
        });
    }

    /// <summary>A refused precondition leaves the upload as it was.</summary>
    private static void Store(
        Bucket bucket, MultipartUpload upload, ObjectVersion version, Action<ObjectVersion?>? precondition)
    {
        try
        {
            bucket.Put(upload.Key, version, precondition);
        }
        catch (AwsProblem)
        {
            bucket.Uploads[upload.Id] = upload;
            throw;
        }
    }

    private static List<UploadedPart> Chosen(MultipartUpload upload, XElement root)
    {
        var chosen = new List<UploadedPart>();
        foreach (var named in root.All("Part"))
        {
            if (!int.TryParse(named.Text("PartNumber"), CultureInfo.InvariantCulture, out var number))
            {
                throw S3Problems.MalformedXml();
            }

            if (chosen.Count > 0 && chosen[^1].Number >= number)
            {
                throw new AwsProblem(400, "InvalidPartOrder",
                    "The list of parts was not in ascending order. Parts must be ordered by part number.");
            }

            chosen.Add(Named(upload, named, number));
        }

        if (chosen.Count == 0)
        {
            throw S3Problems.MalformedXml();
        }

        return chosen.SkipLast(1).All(part => part.Content.Length >= MinPart) ? chosen
            : throw new AwsProblem(400, "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size");
    }

    private static UploadedPart Named(MultipartUpload upload, XElement named, int number)
    {
        UploadedPart? part;
        lock (upload.Parts)
        {
            upload.Parts.TryGetValue(number, out part);
        }

        var same = part is not null && named.Text("ETag")?.Trim('"') == part.ETag
            && (part.Checksum is null || named.Text(part.Checksum.ElementName) is not { } value
                || value == part.Checksum.Value);
        return same ? part!
            : throw new AwsProblem(400, "InvalidPart",
                "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
                    + "specified entity tag may not match the part's entity tag.");
    }

    private static string ETagOf(MultipartUpload upload, List<UploadedPart> parts)
    {
        var digest = upload.Encryption.IsKms ? RandomNumberGenerator.GetBytes(16)
            : MD5.HashData([.. parts.SelectMany(part => Convert.FromHexString(part.ETag))]);
        return $"{Convert.ToHexStringLower(digest)}-{parts.Count.ToString(CultureInfo.InvariantCulture)}";
    }

    private static ObjectChecksum? ChecksumOf(MultipartUpload upload, List<UploadedPart> parts)
    {
        if (parts.Any(part => part.Checksum is null || part.Checksum.Algorithm != parts[0].Checksum!.Algorithm))
        {
            return null;
        }

        var algorithm = parts[0].Checksum!.Algorithm;
        var values = parts.Select(part => Convert.FromBase64String(part.Checksum!.Value)).ToList();
        if (upload.FullObjectChecksum && RunningChecksum.CrcOf(algorithm) is { } crc)
        {
            var total = crc.FromBytes(values[0]);
            for (var i = 1; i < values.Count; i++)
            {
                total = crc.Combine(total, crc.FromBytes(values[i]), parts[i].Content.Length);
            }

            return new ObjectChecksum(algorithm, Convert.ToBase64String(crc.ToBytes(total)));
        }

        var joined = RunningChecksum.Of(values.SelectMany(value => value).ToArray(), algorithm);
        return new ObjectChecksum(algorithm,
            $"{Convert.ToBase64String(joined)}-{parts.Count.ToString(CultureInfo.InvariantCulture)}", Composite: true);
    }

    private static void DemandAsDeclared(S3Call call, List<UploadedPart> parts, ObjectChecksum? checksum)
    {
        if (checksum is not null && call.Header(checksum.HeaderName) is { } declared && declared != checksum.Value)
        {
            throw new AwsProblem(400, "BadDigest",
                $"The {checksum.Algorithm} you specified did not match the calculated checksum.");
        }

        if (call.Header("x-amz-mp-object-size") is { } size
            && size != parts.Sum(part => part.Content.Length).ToString(CultureInfo.InvariantCulture))
        {
            throw S3Problems.InvalidRequest("The x-amz-mp-object-size header does not match the size of the parts");
        }
    }
}
