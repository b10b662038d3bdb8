using Cloud.Azure.Calling;

namespace Cloud.Azure.Objects;

/// <summary>
/// Copies an append blob: an empty one, then its content from the front. Each step says which state it adds to, so an append whose
/// answer was lost is never repeated onto itself.
/// </summary>
internal sealed class AppendCopier(BlobSite site)
{
    public async Task<WrittenBlob> CopyAsync(BlobCopy copy, CancellationToken cancellation)
    {
        var look = await copy.LookAsync(site, cancellation);
        var headers = look.ToGive();
        headers.Add(("x-ms-blob-type", BlobForm.Append));
        if (look.Md5 is { } md5)
        {
            headers.Add(("x-ms-blob-content-md5", md5));
        }

        await BlobTags.CarryAsync(site, copy, look, headers, cancellation);
        var written = WrittenBlob.Of(await site.SendAsync(copy.Put("blob:PutBlob", comp: null, headers), cancellation));
        foreach (var range in BlobRanges.ForAppending(look.Size))
        {
            List<(string, string)> block = [.. await copy.SourceAsync(site, cancellation), ("x-ms-source-range", range.ToString())];
            written = await StepAsync(copy, "blob:AppendBlockFromUrl", "appendblock", block, written, cancellation);
        }

        return look.IsSealed ? await StepAsync(copy, "blob:SealBlob", "seal", [], written, cancellation) : written;
    }

    private async Task<WrittenBlob> StepAsync(
        BlobCopy copy, string operation, string comp, IReadOnlyList<(string, string)> headers, WrittenBlob before, CancellationToken cancellation)
    {
        try
        {
            var reply = await site.SendAsync(copy.Put(operation, comp, [.. headers, ("If-Match", BlobLook.Quoted(before.ETag))]), cancellation);
            return before with { ETag = BlobLook.Bare(reply.Header("ETag")) };
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.Conflict { Code: "ConditionNotMet" })
        {
            // Our own step, done but not answered, looks the same as another worker's: either way the copy begins anew.
            throw new CloudException(new CloudProblem.Unreachable("AppendInterrupted", "the target is not where the last step left it"), operation, refusal.RequestId, refusal);
        }
    }
}
