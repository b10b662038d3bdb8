using System.Globalization;
using System.Xml;

namespace LocalCloud.Azure.Blob;

/// <summary>One blob, version or snapshot in a list.</summary>
internal static class BlobListItem
{
    public static void Write(
        XmlWriter xml, BlobCall call, (string Name, BlobState Blob, bool IsCurrent, Lease? Lease) item,
        HashSet<string> includes)
    {
        var blob = item.Blob;
        xml.WriteStartElement("Blob");
        WriteName(xml, item.Name);
        Optional(xml, "Snapshot", blob.Snapshot);
        if (includes.Contains("versions") || blob.VersionId is not null)
        {
            Optional(xml, "VersionId", blob.Snapshot is null ? blob.VersionId : null);
            Optional(xml, "IsCurrentVersion", item.IsCurrent && blob.VersionId is not null ? "true" : null);
        }

        Optional(xml, "Deleted", blob.Deleted is null ? null : "true");
        WriteProperties(xml, call, (blob, item.Lease), includes);
        if (includes.Contains("metadata"))
        {
            BlobLists.WriteMetadata(xml, blob.Metadata);
        }

        if (includes.Contains("tags") && blob.Tags.Count > 0)
        {
            xml.WriteStartElement("Tags");
            BlobTraits.WriteTags(xml, blob.Tags);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteProperties(
        XmlWriter xml, BlobCall call, (BlobState Blob, Lease? Lease) item, HashSet<string> includes)
    {
        var blob = item.Blob;
        xml.WriteStartElement("Properties");
        xml.WriteElementString("Creation-Time", BlobXml.Date(blob.Created));
        xml.WriteElementString("Last-Modified", BlobXml.Date(blob.Modified));
        xml.WriteElementString("Etag", blob.ETag.Trim('"'));
        xml.WriteElementString("Content-Length", blob.Content.Length.ToString(CultureInfo.InvariantCulture));
        xml.WriteElementString("Content-Type", blob.Headers.ContentType);
        xml.WriteElementString("Content-Encoding", blob.Headers.Encoding ?? "");
        xml.WriteElementString("Content-Language", blob.Headers.Language ?? "");
        xml.WriteElementString("Content-MD5", blob.Headers.Md5 ?? "");
        xml.WriteElementString("Cache-Control", blob.Headers.CacheControl ?? "");
        xml.WriteElementString("Content-Disposition", blob.Headers.Disposition ?? "");
        Optional(xml, "x-ms-blob-sequence-number", blob.Kind == BlobKind.PageBlob
            ? blob.Sequence.ToString(CultureInfo.InvariantCulture) : null);
        xml.WriteElementString("BlobType", blob.Kind.ToString());
        if (blob.Kind == BlobKind.BlockBlob)
        {
            xml.WriteElementString("AccessTier", blob.Tier ?? "Hot");
            Optional(xml, "AccessTierInferred", blob.Tier is null ? "true" : null);
        }

        Optional(xml, "LeaseStatus", item.Lease is { } held ? (held.IsHeld(call.Now) ? "locked" : "unlocked") : null);
        Optional(xml, "LeaseState", item.Lease?.State(call.Now));
        Optional(xml, "Sealed", blob.Sealed ? "true" : null);
        xml.WriteElementString("ServerEncrypted", "true");
        if (blob.Copy is { } copy && includes.Contains("copy"))
        {
            xml.WriteElementString("CopyId", copy.Id);
            xml.WriteElementString("CopyStatus", copy.Status);
            xml.WriteElementString("CopySource", copy.Source);
            xml.WriteElementString("CopyProgress",
                string.Create(CultureInfo.InvariantCulture, $"{copy.DoneBytes(call.Now)}/{copy.Total}"));
        }

        if (blob.Deleted is { } deleted)
        {
            xml.WriteElementString("DeletedTime", BlobXml.Date(deleted));
            xml.WriteElementString("RemainingRetentionDays",
                Math.Max(0, (call.Settings.RetentionDays ?? 0) - (int)(call.Now - deleted).TotalDays)
                    .ToString(CultureInfo.InvariantCulture));
        }

        Optional(xml, "TagCount", blob.Tags.Count > 0 ? blob.Tags.Count.ToString(CultureInfo.InvariantCulture) : null);
        xml.WriteEndElement();
    }

    /// <summary>Names that XML can't hold are encoded, and say so.</summary>
    public static void WriteName(XmlWriter xml, string name)
    {
        xml.WriteStartElement("Name");
        if (name.All(c => !char.IsControl(c) && (XmlConvert.IsXmlChar(c) || char.IsSurrogate(c))))
        {
            xml.WriteString(name);
        }
        else
        {
            xml.WriteAttributeString("Encoded", "true");
            xml.WriteString(Uri.EscapeDataString(name));
        }

        xml.WriteEndElement();
    }

    private static void Optional(XmlWriter xml, string name, string? value)
    {
        if (value is not null)
        {
            xml.WriteElementString(name, value);
        }
    }
}
