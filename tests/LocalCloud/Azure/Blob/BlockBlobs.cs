using System.Globalization;
using LocalCloud.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>Put Blob for all three kinds; blocks and their lists.</summary>
internal sealed class BlockBlobs(BlobIntake intake)
{
    private const long MaxPut = 5000L << 20;
    public const long MaxBlock = 4000L << 20;
    private const int MaxBlocks = 50_000;
    private const int MaxIdBytes = 64;

    public async Task PutBlob(BlobCall call)
    {
        call.Demand(BlobRight.Create);
        var container = call.Container();
        call.DemandKey();
        var text = call.Required("x-ms-blob-type");
        if (!Enum.TryParse<BlobKind>(text, out var kind))
        {
            throw BlobProblems.InvalidHeader("x-ms-blob-type", text);
        }

        var content = await ContentAsync(call, kind);
        var headers = BlobHeaders.Read(call, plainToo: true);
        var made = call.Replace(container, _ => new BlobState(kind, content, call.Stamp())
        {
            Headers = headers.Md5 is null && kind == BlobKind.BlockBlob
                ? headers with { Md5 = Convert.ToBase64String(content.Md5) } : headers,
            Metadata = BlobMetadata.Read(call.Azure),
            Tags = BlobMetadata.ReadTags(call) ?? [],
            Tier = kind == BlobKind.BlockBlob ? BlobTraits.ReadTier(call) : null,
            Sequence = call.Number("x-ms-blob-sequence-number") ?? 0,
            LegalHold = call.Header("x-ms-legal-hold") == "true",
        });
        await BlobAnswers.SendWritten(call, made, md5: kind == BlobKind.BlockBlob ? content.Md5 : null);
    }

    public async Task PutBlock(BlobCall call)
    {
        call.Demand(BlobRight.Write);
        var container = call.Container();
        call.DemandKey();
        Stage(call, container, await intake.ReceiveAsync(call, MaxBlock), out var content);
        call.Azure.Response.Headers["x-ms-request-server-encrypted"] = "true";
        call.Azure.Response.Headers.ContentMD5 = Convert.ToBase64String(content.Md5);
        await call.Azure.SendEmptyAsync(201);
    }

    public static void Stage(BlobCall call, Container container, Content block, out Content content)
    {
        content = block;
        var id = call.Query("blockid") ?? throw BlobProblems.InvalidQuery("blockid", null);
        Span<byte> decoded = stackalloc byte[MaxIdBytes];
        if (!Convert.TryFromBase64String(id, decoded, out var length) || length == 0)
        {
            throw BlobProblems.InvalidQuery("blockid", id);
        }

        lock (container.Gate)
        {
            var entry = container.Open(call.Name);
            call.Settle(entry);
            entry.Lease.DemandWrite(call.Header("x-ms-lease-id"), call.Now);
            if (entry.Live is { Kind: not BlobKind.BlockBlob })
            {
                throw BlobProblems.WrongKind();
            }

            entry.Uncommitted ??= new Dictionary<string, Content>(StringComparer.Ordinal);
            if (entry.Uncommitted.Keys.FirstOrDefault() is { } other && other.Length != id.Length)
            {
                throw BlobProblems.InvalidBlockId();
            }

            entry.Uncommitted[id] = block;
        }
    }

    /// <summary>Storage's list of what a revoked key stops doesn't name this one.</summary>
    public async Task PutBlockList(BlobCall call)
    {
        call.Demand(BlobRight.Create);
        var container = call.Container();
        var list = await BlobXml.ReadAsync(call);
        var wanted = list.Elements().Select(one => (From: one.Name.LocalName, Id: one.Value.Trim())).ToArray();
        if (wanted.Length > MaxBlocks)
        {
            throw BlobProblems.TooManyBlocks();
        }

        var made = call.Replace(container, current =>
        {
            var uncommitted = container.Index.Find(call.Name)!.Uncommitted;
            var committed = (current?.Kind == BlobKind.BlockBlob ? current.Blocks : [])
                .GroupBy(one => one.Key, StringComparer.Ordinal)
                .ToDictionary(one => one.Key, one => one.First().Value, StringComparer.Ordinal);
            var blocks = wanted.Select(one =>
                KeyValuePair.Create(one.Id, Find(one.From, one.Id, uncommitted, committed)
                    ?? throw BlobProblems.InvalidBlockList())).ToArray();
            return new BlobState(BlobKind.BlockBlob, Join([.. blocks.Select(one => one.Value)]), call.Stamp())
            {
                Blocks = blocks,
                Headers = BlobHeaders.Read(call, plainToo: false),
                Metadata = BlobMetadata.Read(call.Azure),
                Tags = BlobMetadata.ReadTags(call) ?? [],
                Tier = BlobTraits.ReadTier(call),
            };
        });
        await BlobAnswers.SendWritten(call, made);
    }

    public Task GetBlockList(BlobCall call)
    {
        call.Demand(BlobRight.Read);
        var container = call.Container();
        var type = call.Query("blocklisttype") ?? "committed";
        KeyValuePair<string, Content>[] committed, uncommitted;
        lock (container.Gate)
        {
            var entry = container.Index.Find(call.Name);
            var blob = entry?.Find(call.Query("snapshot"), call.Query("versionid"));
            uncommitted = [.. entry?.Uncommitted?.OrderBy(one => one.Key, StringComparer.Ordinal)
                ?? Enumerable.Empty<KeyValuePair<string, Content>>()];
            committed = blob is null && uncommitted.Length == 0 ? throw BlobProblems.BlobNotFound()
                : [.. blob?.Blocks ?? []];
            if (blob is not null)
            {
                BlobAnswers.WriteChange(call, blob);
                call.Azure.Response.Headers["x-ms-blob-content-length"] =
                    blob.Content.Length.ToString(CultureInfo.InvariantCulture);
            }
        }

        return BlobXml.SendAsync(call, "BlockList", xml =>
        {
            foreach (var (name, blocks) in new[] { ("CommittedBlocks", committed), ("UncommittedBlocks", uncommitted) })
            {
                if (type != "all" && !name.StartsWith(type, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                xml.WriteStartElement(name);
                foreach (var (id, content) in blocks)
                {
                    xml.WriteStartElement("Block");
                    xml.WriteElementString("Name", id);
                    xml.WriteElementString("Size", content.Length.ToString(CultureInfo.InvariantCulture));
                    xml.WriteEndElement();
                }

                xml.WriteEndElement();
            }
        });
    }

    public static Content Join(IReadOnlyList<Content> parts) => parts.Count switch
    {
        0 => MemoryContent.Empty,
        1 => parts[0],
        _ => new JoinedContent(parts),
    };

    private async Task<Content> ContentAsync(BlobCall call, BlobKind kind)
    {
        if (kind == BlobKind.BlockBlob)
        {
            return await intake.ReceiveAsync(call, MaxPut);
        }

        if (call.Azure.Request.ContentLength is > 0)
        {
            throw BlobProblems.InvalidHeader("Content-Length", call.Header("Content-Length"));
        }

        return kind == BlobKind.AppendBlob ? MemoryContent.Empty : PageContent.Empty(PageBlobs.DemandSize(call));
    }

    private static Content? Find(
        string from, string id, Dictionary<string, Content>? uncommitted, Dictionary<string, Content> committed) =>
            from switch
        {
            "Committed" => committed.GetValueOrDefault(id),
            "Uncommitted" => uncommitted?.GetValueOrDefault(id),
            "Latest" => uncommitted?.GetValueOrDefault(id) ?? committed.GetValueOrDefault(id),
            _ => throw BlobProblems.InvalidXml(),
        };
}
