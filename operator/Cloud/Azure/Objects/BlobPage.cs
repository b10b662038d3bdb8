using System.Globalization;
using System.Xml;

namespace Cloud.Azure.Objects;

/// <summary>One page of List Blobs. Read as it streams: the document itself is never whole in memory.</summary>
internal sealed record BlobPage(IReadOnlyList<ListedBlob> Blobs, string? Next)
{
    private static readonly XmlReaderSettings Settings = new() { Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false };

    public static async Task<BlobPage> ReadAsync(Stream content, CancellationToken cancellation)
    {
        using var xml = XmlReader.Create(content, Settings);
        List<ListedBlob> blobs = [];
        string? next = null;
        var advance = true;
        while (!advance || await xml.ReadAsync())
        {
            cancellation.ThrowIfCancellationRequested();
            advance = true;
            if (xml is { NodeType: XmlNodeType.Element, Depth: 2, Name: "Blob" })
            {
                blobs.Add(await BlobAsync(xml));
            }
            else if (xml is { NodeType: XmlNodeType.Element, Depth: 1, Name: "NextMarker" })
            {
                next = await xml.ReadElementContentAsStringAsync();
                advance = false;
            }
        }

        return new BlobPage(blobs, next is { Length: > 0 } ? next : null);
    }

    /// <summary>Leaves the reader on the entry's end.</summary>
    private static async Task<ListedBlob> BlobAsync(XmlReader xml)
    {
        var blob = new ListedBlob("");
        var inferred = false;
        var depth = xml.Depth;
        await xml.ReadAsync();
        while (xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element || xml is { Name: "Properties", IsEmptyElement: false })
            {
                await xml.ReadAsync();
                continue;
            }

            var (name, isEncoded) = (xml.Name, xml.GetAttribute("Encoded") == "true");
            if (name is "Metadata" or "Tags" or "OrMetadata")
            {
                await xml.SkipAsync();
                continue;
            }

            var text = await xml.ReadElementContentAsStringAsync();
            inferred |= name == "AccessTierInferred" && text == "true";
            blob = name == "Name" ? blob with { Name = isEncoded ? Uri.UnescapeDataString(text) : text } : With(blob, name, text);
        }

        return inferred ? blob with { Tier = null } : blob;
    }

    private static ListedBlob With(ListedBlob blob, string name, string text) => name switch
    {
        "Snapshot" => blob with { Snapshot = text },
        "VersionId" => blob with { VersionId = text },
        "IsCurrentVersion" => blob with { IsCurrent = text == "true" },
        "Etag" => blob with { ETag = text.Trim('"') },
        "Content-Length" => blob with { Size = long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) },
        "Last-Modified" => blob with { Modified = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) },
        "BlobType" => blob with { Form = text },
        "AccessTier" => blob with { Tier = text.Length > 0 ? text : null },
        "LeaseStatus" => blob with { IsLeased = text == "locked" },
        "ArchiveStatus" => blob with { IsRehydrating = text.Length > 0 },
        "CustomerProvidedKeySha256" => blob with { HasOwnKey = text.Length > 0 },
        "Content-MD5" => blob with { Md5 = text.Length > 0 ? text : null },
        _ => blob,
    };
}
