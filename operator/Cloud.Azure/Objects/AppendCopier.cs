using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Cloud.Azure.Objects;

/// <summary>
/// Copies an append blob: an empty one, then its content from the front. Each step says which state it adds to, so an
/// append whose answer was lost is never repeated onto itself.
/// </summary>
internal static class AppendCopier
{
    public static async Task<WrittenBlob> CopyAsync(BlobCopy copy, CancellationToken cancellation)
    {
        var look = await copy.LookAsync(cancellation);
        var target = copy.Target.GetAppendBlobClient(copy.TargetKey);
        var options = new AppendBlobCreateOptions
        {
            HttpHeaders = look.HttpHeaders(isDigestKept: true),
            Metadata = look.Metadata,
            Tags = await copy.TagsAsync(look, cancellation),
            Conditions = copy.On is { } on ? new() { IfNoneMatch = on.IfNoneMatch, LeaseId = on.LeaseId } : null,
        };
        var written = WrittenBlob.Of(
            await copy.WriteAsync("blob:PutBlob", stop => target.CreateAsync(options, stop), cancellation));
        copy = await copy.HoldAsync(written, cancellation);
        foreach (var range in RangePlan.ForAppending(look.Size))
        {
            var block = new AppendBlobAppendBlockFromUriOptions
            {
                SourceRange = range,
                SourceAuthentication = await copy.SourceAuthorizationAsync(cancellation),
                SourceConditions = new AppendBlobRequestConditions { IfMatch = copy.SourceETag },
                DestinationConditions = On(copy, written),
            };
            var added = await StepAsync(copy, "blob:AppendBlockFromUrl",
                stop => target.AppendBlockFromUriAsync(copy.Source, block, stop), cancellation);
            written = written with { ETag = BlobLook.Bare(added.ETag) };
        }

        if (look.Properties.IsSealed)
        {
            var closed =
                await StepAsync(copy, "blob:SealBlob", stop => target.SealAsync(On(copy, written), stop), cancellation);
            written = written with { ETag = BlobLook.Bare(closed.ETag) };
        }

        return written;
    }

    private static AppendBlobRequestConditions On(BlobCopy copy, WrittenBlob before) =>
        new() { IfMatch = BlobLook.Quoted(before.ETag), LeaseId = copy.LeaseId };

    private static async Task<TAnswer> StepAsync<TAnswer>(
        BlobCopy copy, string operation, Func<CancellationToken, Task<Response<TAnswer>>> once,
        CancellationToken cancellation)
    {
        try
        {
            return await copy.WriteAsync(operation, once, cancellation);
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.Conflict { Code: "ConditionNotMet" })
        {
            // Our own step, done but not answered, looks the same as another worker's: either way the copy begins anew.
            throw new CloudException(
                new CloudProblem.Unreachable("AppendInterrupted", "the target is not where the last step left it"),
                operation, refusal.RequestId, refusal);
        }
    }
}
