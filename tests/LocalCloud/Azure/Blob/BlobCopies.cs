using LocalCloud.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>Copies by URL: whole blobs, blocks, pages; at once or in the background.</summary>
internal sealed class BlobCopies
{
    private const long MaxWhole = 5000L << 20;
    private const long MaxAtOnce = 256L << 20;

    public Task PutBlobFromUrl(BlobCall call)
    {
        call.Demand(BlobRight.Create);
        var container = call.Container();
        call.DemandKey();
        if (call.Required("x-ms-blob-type") != nameof(BlobKind.BlockBlob))
        {
            throw BlobProblems.InvalidHeader("x-ms-blob-type", call.Header("x-ms-blob-type"));
        }

        var source = CopySource.Find(call, sameAccount: false);
        var content = source.Slice(call, MaxWhole);
        var keepsHeaders = call.Header("x-ms-copy-source-blob-properties") is not { } flag
            || !string.Equals(flag, "false", StringComparison.OrdinalIgnoreCase);
        var tags = Tags(call, source);
        var made = call.Replace(container, _ => new BlobState(BlobKind.BlockBlob, content, call.Stamp())
        {
            Headers = keepsHeaders ? Merge(call, source.Blob.Headers) : BlobHeaders.Read(call, plainToo: false),
            Metadata = Metadata(call, source),
            Tags = tags,
            Tier = BlobTraits.ReadTier(call),
        });
        return BlobAnswers.SendWritten(call, made);
    }

    public Task PutBlockFromUrl(BlobCall call)
    {
        call.Demand(BlobRight.Write);
        var container = call.Container();
        call.DemandKey();
        BlockBlobs.Stage(call, container, CopySource.Find(call, sameAccount: false).Slice(call, BlockBlobs.MaxBlock),
            out _);
        call.Azure.Response.Headers["x-ms-request-server-encrypted"] = "true";
        return call.Azure.SendEmptyAsync(201);
    }

    public Task AppendBlockFromUrl(BlobCall call)
    {
        call.Demand(BlobRight.Append);
        var container = call.Container();
        call.DemandKey();
        return AppendBlobs.AddAsync(call, container,
            CopySource.Find(call, sameAccount: false).Slice(call, AppendBlobs.MaxBlock));
    }

    public Task PutPageFromUrl(BlobCall call)
    {
        call.Demand(BlobRight.Write);
        var container = call.Container();
        call.DemandKey();
        var range = PageBlobs.DemandRange(call);
        var content = CopySource.Find(call, sameAccount: false).Slice(call, PageBlobs.MaxWrite);
        return PageBlobs.WriteAsync(call, container, range, content.Length == range.Count ? content
            : throw BlobProblems.InvalidPageRange());
    }

    /// <summary>Answers when it is done.</summary>
    public Task CopyBlobFromUrl(BlobCall call)
    {
        var (container, source) = Begin(call, sameAccount: false);
        if (source.Blob.Kind != BlobKind.BlockBlob)
        {
            throw BlobProblems.WrongKind();
        }

        var content = source.Slice(call, MaxAtOnce);
        var tags = Tags(call, source);
        var made = call.Replace(container, _ => Copied(call, source, content, "success") with { Tags = tags });
        return SendCopy(call, made);
    }

    /// <summary>Answers at once; done when the test says so.</summary>
    public Task CopyBlob(BlobCall call)
    {
        var (container, source) = Begin(call, sameAccount: true);
        var tags = BlobMetadata.ReadTags(call) ?? [];
        var time = call.Cloud.Switches.CopyTime.Value;
        var content = call.Cloud.Moved(source.Blob.Content);
        var made = call.Replace(container, _ =>
        {
            var result =
                Copied(call, source, content, time == TimeSpan.Zero ? "success" : "pending") with { Tags = tags };
            return time == TimeSpan.Zero ? result : result with
            {
                Content = result.Kind == BlobKind.PageBlob ? PageContent.Empty(0) : MemoryContent.Empty,
                Copy = result.Copy! with { Ends = call.Now + time, Result = result },
            };
        });
        return SendCopy(call, made);
    }

    public Task AbortCopyBlob(BlobCall call)
    {
        call.Demand(BlobRight.Write);
        if (call.Required("x-ms-copy-action") != "abort")
        {
            throw BlobProblems.InvalidHeader("x-ms-copy-action", call.Header("x-ms-copy-action"));
        }

        var container = call.Container();
        lock (container.Gate)
        {
            var entry = container.Index.Find(call.Name) ?? throw BlobProblems.BlobNotFound();
            call.Settle(entry);
            if (entry.Live is not { Copy: { IsPending: true } copy } live || copy.Id != call.Query("copyid"))
            {
                throw BlobProblems.NoPendingCopy();
            }

            entry.Current = live with { Copy = copy with { Status = "aborted", Result = null, Ends = call.Now } };
        }

        return call.Azure.SendEmptyAsync(204);
    }

    private static (Container Container, CopySource Source) Begin(BlobCall call, bool sameAccount)
    {
        call.Demand(BlobRight.Create);
        var container = call.Container();
        call.DemandKey();
        return (container, CopySource.Find(call, sameAccount));
    }

    private static BlobState Copied(BlobCall call, CopySource source, Content content, string status) =>
        new(source.Blob.Kind, content, call.Stamp())
        {
            Headers = source.Blob.Headers,
            Metadata = Metadata(call, source),
            Tier = BlobTraits.ReadTier(call),
            Blocks = source.Blob.Blocks,
            AppendedBlocks = source.Blob.AppendedBlocks,
            Sealed = string.Equals(call.Header("x-ms-seal-blob"), "true", StringComparison.OrdinalIgnoreCase),
            Sequence = source.Blob.Sequence,
            Copy = new CopyState(Guid.NewGuid().ToString(), source.Url, status, content.Length)
            {
                Started = call.Now,
                Ends = call.Now,
            },
        };

    private static Task SendCopy(BlobCall call, BlobState made)
    {
        call.Azure.Response.Headers["x-ms-copy-id"] = made.Copy!.Id;
        call.Azure.Response.Headers["x-ms-copy-status"] = made.Copy.Status;
        BlobAnswers.WriteChange(call, made);
        return call.Azure.SendEmptyAsync(202);
    }

    /// <summary>The source's, unless the request brings its own.</summary>
    private static IReadOnlyList<KeyValuePair<string, string>> Metadata(BlobCall call, CopySource source)
    {
        var given = BlobMetadata.Read(call.Azure);
        return given.Count > 0 ? given : source.Blob.Metadata;
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Tags(BlobCall call, CopySource source)
    {
        if (!string.Equals(call.Header("x-ms-copy-source-tag-option"), "COPY", StringComparison.OrdinalIgnoreCase))
        {
            return BlobMetadata.ReadTags(call) ?? [];
        }

        call.Demand(BlobRight.WriteTags);
        return call.Header("x-ms-tags") is null ? source.Blob.Tags
            : throw BlobProblems.InvalidHeader("x-ms-tags", call.Header("x-ms-tags"));
    }

    /// <summary>Headers that the request names win over the source's.</summary>
    private static BlobHeaders Merge(BlobCall call, BlobHeaders source)
    {
        var given = BlobHeaders.Read(call, plainToo: false);
        return new BlobHeaders
        {
            ContentType = call.Header("x-ms-blob-content-type") is null ? source.ContentType : given.ContentType,
            Encoding = given.Encoding ?? source.Encoding,
            Language = given.Language ?? source.Language,
            Md5 = given.Md5 ?? source.Md5,
            CacheControl = given.CacheControl ?? source.CacheControl,
            Disposition = given.Disposition ?? source.Disposition,
        };
    }
}
