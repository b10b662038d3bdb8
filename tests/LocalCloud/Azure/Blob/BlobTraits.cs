using System.Xml.Linq;

namespace LocalCloud.Azure.Blob;

/// <summary>What can be changed of a blob besides its bytes: metadata, headers, tags, tier.</summary>
internal sealed class BlobTraits
{
    private static readonly string[] Tiers = ["Hot", "Cool", "Cold", "Archive"];

    /// <summary>null: none given.</summary>
    public static string? ReadTier(BlobCall call) => call.Header("x-ms-access-tier") is not { } tier ? null
        : Tiers.Contains(tier) ? tier : throw BlobProblems.InvalidHeader("x-ms-access-tier", tier);

    /// <summary>Makes another version of the same bytes.</summary>
    public Task SetBlobMetadata(BlobCall call)
    {
        call.Demand(BlobRight.Write);
        var container = call.Container();
        call.DemandKey();
        var made = call.Replace(container,
            blob =>
                (blob ?? throw BlobProblems.BlobNotFound()) with
                {
                    Metadata = BlobMetadata.Read(call.Azure),
                    Stamp = call.Stamp(),
                });
        return BlobAnswers.SendWritten(call, made, 200);
    }

    /// <summary>Headers that aren't given are cleared, unless only a page blob's size or number is.</summary>
    public Task SetBlobProperties(BlobCall call)
    {
        call.Demand(BlobRight.Write);
        var onlyPages = call.Azure.Request.Headers.All(header =>
            !header.Key.StartsWith("x-ms-blob-content-", StringComparison.OrdinalIgnoreCase)
                || string.Equals(header.Key, "x-ms-blob-content-length", StringComparison.OrdinalIgnoreCase))
                    && call.Header("x-ms-blob-cache-control") is null
            && (call.Header("x-ms-blob-content-length") ?? call.Header("x-ms-sequence-number-action")) is not null;
        var made = call.Change(call.Container(),
            blob =>
                Resize(call, blob) with { Headers = onlyPages ? blob.Headers
                    : BlobHeaders.Read(call, plainToo: false), Stamp = call.Stamp() });
        return BlobAnswers.SendWritten(call, made, 200);
    }

    public Task GetBlobTags(BlobCall call)
    {
        call.Demand(BlobRight.ReadTags);
        var tags = call.Find(call.Container()).Tags;
        return BlobXml.SendAsync(call, "Tags", xml => WriteTags(xml, tags));
    }

    public static void WriteTags(System.Xml.XmlWriter xml, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        xml.WriteStartElement("TagSet");
        foreach (var (key, value) in tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            xml.WriteStartElement("Tag");
            xml.WriteElementString("Key", key);
            xml.WriteElementString("Value", value);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    public async Task SetBlobTags(BlobCall call)
    {
        call.Demand(BlobRight.WriteTags);
        var document = await BlobXml.ReadAsync(call);
        var set = document.Element("TagSet") ?? throw BlobProblems.InvalidXml();
        var tags = BlobMetadata.DemandTags(
            [.. set.Elements("Tag")
                .Select(tag =>
                    KeyValuePair.Create(tag.Element("Key")?.Value ?? "", tag.Element("Value")?.Value ?? ""))]);
        Edit(call, blob => blob with { Tags = tags });
        await call.Azure.SendEmptyAsync(204);
    }

    public Task SetBlobTier(BlobCall call)
    {
        call.Demand(BlobRight.Write);
        call.Container();
        call.DemandKey();
        var tier = ReadTier(call) ?? throw BlobProblems.MissingHeader("x-ms-access-tier");
        var rehydrates = false;
        Edit(call, blob =>
        {
            rehydrates = blob.Tier == "Archive" && tier != "Archive";
            return blob.Kind == BlobKind.BlockBlob ? blob with { Tier = tier } : throw BlobProblems.WrongKind();
        });
        // Rehydration takes hours at Azure's; here it is done when it is accepted.
        return call.Azure.SendEmptyAsync(rehydrates ? 202 : 200);
    }

    /// <summary>Changes the blob, version or snapshot addressed without touching its time.</summary>
    private static void Edit(BlobCall call, Func<BlobState, BlobState> change)
    {
        var container = call.Container();
        lock (container.Gate)
        {
            var entry = container.Index.Find(call.Name) ?? throw BlobProblems.BlobNotFound();
            call.Settle(entry);
            var blob = entry.Find(call.Query("snapshot"), call.Query("versionid")) ?? throw BlobProblems.BlobNotFound();
            if (entry.Lease.IsHeld(call.Now) && call.Header("x-ms-lease-id") is { } shown)
            {
                entry.Lease.DemandWrite(shown, call.Now);
            }

            var next = change(blob);
            if (ReferenceEquals(entry.Current, blob))
            {
                entry.Current = next;
                return;
            }

            var list = blob.Snapshot is not null ? entry.Snapshots : entry.Versions;
            list[list.IndexOf(blob)] = next;
        }
    }

    private static BlobState Resize(BlobCall call, BlobState blob)
    {
        if (blob.Content is not PageContent pages)
        {
            return blob;
        }

        var sequence = call.Header("x-ms-sequence-number-action")?.ToLowerInvariant() switch
        {
            "increment" => blob.Sequence + 1,
            "update" =>
                call.Number("x-ms-blob-sequence-number")
                    ?? throw BlobProblems.MissingHeader("x-ms-blob-sequence-number"),
            "max" => Math.Max(blob.Sequence, call.Number("x-ms-blob-sequence-number") ?? 0),
            _ => blob.Sequence,
        };
        var resized = call.Header("x-ms-blob-content-length") is null ? pages
            : pages.Resize(PageBlobs.DemandSize(call));
        return blob with { Content = resized, Sequence = sequence };
    }
}
