using System.Globalization;

namespace LocalCloud.Aws.S3;

/// <summary>ListParts and ListMultipartUploads.</summary>
internal sealed class MultipartLists
{
    public Task ListParts(S3Call call)
    {
        var bucket = call.PermittedObject("s3:ListMultipartUploadParts");
        var upload = Multiparts.FindUpload(call, bucket);
        var query = new ListQuery(call, "max-parts");
        var marker = int.TryParse(call.Query("part-number-marker"), CultureInfo.InvariantCulture, out var given) ? given
            : 0;
        List<UploadedPart> parts;
        lock (upload.Parts)
        {
            parts = [.. upload.Parts.Values.Where(part => part.Number > marker).Take(query.Limit + 1)];
        }

        var page = parts.Take(query.Limit).ToList();
        return S3Xml.SendAsync(call, "ListPartsResult", xml =>
        {
            xml.WriteElementString("Bucket", bucket.Name);
            xml.WriteElementString("Key", query.Show(upload.Key));
            xml.WriteElementString("UploadId", upload.Id);
            xml.WriteElementString("PartNumberMarker", marker.ToString(CultureInfo.InvariantCulture));
            xml.WriteElementString("NextPartNumberMarker",
                (page.Count > 0 ? page[^1].Number : 0).ToString(CultureInfo.InvariantCulture));
            xml.WriteElementString("MaxParts", query.Limit.ToString(CultureInfo.InvariantCulture));
            xml.WriteElementString("IsTruncated", parts.Count > page.Count ? "true" : "false");
            xml.WriteElementString("StorageClass", upload.StorageClass);
            foreach (var part in page)
            {
                xml.WriteStartElement("Part");
                xml.WriteElementString("PartNumber", part.Number.ToString(CultureInfo.InvariantCulture));
                xml.WriteElementString("LastModified", S3Xml.Time(part.Modified));
                xml.WriteElementString("ETag", ObjectAnswers.Quoted(part.ETag));
                xml.WriteElementString("Size", part.Content.Length.ToString(CultureInfo.InvariantCulture));
                if (upload.Algorithm is not null && part.Checksum is { } checksum)
                {
                    xml.WriteElementString(checksum.ElementName, checksum.Value);
                }

                xml.WriteEndElement();
            }
        });
    }

    public Task ListMultipartUploads(S3Call call)
    {
        var bucket = call.Permitted("s3:ListBucketMultipartUploads");
        var query = new ListQuery(call, "max-uploads");
        var (keyMarker, idMarker) = (call.Query("key-marker") ?? "", call.Query("upload-id-marker") ?? "");
        var found = bucket.Uploads.Values.Where(upload => upload.Key.StartsWith(query.Prefix, StringComparison.Ordinal))
            .OrderBy(upload => upload.Key, Comparer<string>.Create(Storage.Utf8Order.Compare))
            .ThenBy(upload => upload.Started).ThenBy(upload => upload.Id, StringComparer.Ordinal).ToList();
        var start = keyMarker.Length == 0 ? 0
            : idMarker.Length > 0 && found.FindIndex(upload => upload.Id == idMarker) is >= 0 and var at ? at + 1
                : found.TakeWhile(upload => Storage.Utf8Order.Compare(upload.Key, keyMarker) <= 0).Count();
        var groups = found.Skip(start).Select(upload => query.Group(upload.Key)).OfType<string>().Distinct().ToList();
        var rest = found.Skip(start).Where(upload => query.Group(upload.Key) is null).ToList();
        var page = rest.Take(query.Limit).ToList();
        return S3Xml.SendAsync(call, "ListMultipartUploadsResult", xml =>
        {
            xml.WriteElementString("Bucket", bucket.Name);
            xml.WriteElementString("KeyMarker", query.Show(keyMarker));
            xml.WriteElementString("UploadIdMarker", idMarker);
            xml.WriteElementString("Prefix", query.Show(query.Prefix));
            xml.WriteElementString("MaxUploads", query.Limit.ToString(CultureInfo.InvariantCulture));
            if (query.Encoding is not null)
            {
                xml.WriteElementString("EncodingType", query.Encoding);
            }

            xml.WriteElementString("IsTruncated", rest.Count > page.Count ? "true" : "false");
            if (rest.Count > page.Count && page.Count > 0)
            {
                xml.WriteElementString("NextKeyMarker", query.Show(page[^1].Key));
                xml.WriteElementString("NextUploadIdMarker", page[^1].Id);
            }

            foreach (var upload in page)
            {
                xml.WriteStartElement("Upload");
                xml.WriteElementString("Key", query.Show(upload.Key));
                xml.WriteElementString("UploadId", upload.Id);
                xml.WriteElementString("StorageClass", upload.StorageClass);
                xml.WriteElementString("Initiated", S3Xml.Time(upload.Started));
                xml.WriteEndElement();
            }

            query.WriteGroups(xml, groups);
        });
    }
}
