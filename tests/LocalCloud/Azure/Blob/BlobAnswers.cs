using System.Globalization;

namespace LocalCloud.Azure.Blob;

/// <summary>Response headers that describe a blob.</summary>
internal static class BlobAnswers
{
    public static void WriteAll(BlobCall call, BlobState blob, bool isCurrent, Lease? lease)
    {
        var headers = call.Azure.Response.Headers;
        WriteChange(call, blob);
        headers["x-ms-blob-type"] = blob.Kind.ToString();
        headers["x-ms-creation-time"] = BlobXml.Date(blob.Created);
        headers["x-ms-server-encrypted"] = "true";
        headers.AcceptRanges = "bytes";
        headers.ContentType = blob.Headers.ContentType;
        foreach (var (name, value) in new[]
        {
            ("Content-Encoding", blob.Headers.Encoding),
            ("Content-Language", blob.Headers.Language),
            ("Cache-Control", blob.Headers.CacheControl),
            ("Content-Disposition", blob.Headers.Disposition),
        })
        {
            if (value is not null)
            {
                headers[name] = value;
            }
        }

        if (blob.VersionId is not null && isCurrent)
        {
            headers["x-ms-is-current-version"] = "true";
        }

        if (blob.LegalHold)
        {
            headers["x-ms-legal-hold"] = "true";
        }

        if (lease is not null && isCurrent)
        {
            headers["x-ms-lease-state"] = lease.State(call.Now);
            headers["x-ms-lease-status"] = lease.IsHeld(call.Now) ? "locked" : "unlocked";
        }

        WriteKind(call, blob);
        WriteCopy(call, blob);
        BlobMetadata.Write(call.Azure, blob.Metadata);
    }

    /// <summary>What every write answers.</summary>
    public static void WriteChange(BlobCall call, BlobState blob)
    {
        var headers = call.Azure.Response.Headers;
        headers.ETag = blob.ETag;
        headers.LastModified = BlobXml.Date(blob.Modified);
        if (blob.VersionId is not null)
        {
            headers["x-ms-version-id"] = blob.VersionId;
        }

        if (blob.Scope is { } scope)
        {
            headers["x-ms-encryption-scope"] = scope;
        }
    }

    public static Task SendWritten(BlobCall call, BlobState blob, int status = 201, byte[]? md5 = null)
    {
        WriteChange(call, blob);
        call.Azure.Response.Headers["x-ms-request-server-encrypted"] = "true";
        if (md5 is not null)
        {
            call.Azure.Response.Headers.ContentMD5 = Convert.ToBase64String(md5);
        }

        return call.Azure.SendEmptyAsync(status);
    }

    private static void WriteKind(BlobCall call, BlobState blob)
    {
        var headers = call.Azure.Response.Headers;
        switch (blob.Kind)
        {
            case BlobKind.AppendBlob:
                headers["x-ms-blob-committed-block-count"] = blob.AppendedBlocks.ToString(CultureInfo.InvariantCulture);
                if (blob.Sealed)
                {
                    headers["x-ms-blob-sealed"] = "true";
                }

                break;
            case BlobKind.PageBlob:
                headers["x-ms-blob-sequence-number"] = blob.Sequence.ToString(CultureInfo.InvariantCulture);
                break;
            default:
                headers["x-ms-access-tier"] = blob.Tier ?? "Hot";
                if (blob.Tier is null)
                {
                    headers["x-ms-access-tier-inferred"] = "true";
                }

                break;
        }

        if (blob.Tags.Count > 0)
        {
            headers["x-ms-tag-count"] = blob.Tags.Count.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static void WriteCopy(BlobCall call, BlobState blob)
    {
        if (blob.Copy is not { } copy)
        {
            return;
        }

        var headers = call.Azure.Response.Headers;
        headers["x-ms-copy-id"] = copy.Id;
        headers["x-ms-copy-source"] = copy.Source;
        headers["x-ms-copy-status"] = copy.Status;
        headers["x-ms-copy-progress"] =
            string.Create(CultureInfo.InvariantCulture, $"{copy.DoneBytes(call.Now)}/{copy.Total}");
        if (!copy.IsPending)
        {
            headers["x-ms-copy-completion-time"] = BlobXml.Date(copy.Ends);
        }
    }
}
