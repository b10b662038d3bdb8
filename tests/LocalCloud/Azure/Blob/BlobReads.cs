using LocalCloud.Aws.S3;
using LocalCloud.Faults;

namespace LocalCloud.Azure.Blob;

/// <summary>Get Blob, Get Blob Properties, Get Blob Metadata: all three need the tenant's key.</summary>
internal sealed class BlobReads
{
    /// <summary>A reset overtakes bytes that are still on their way;
    /// a client that saw none would just ask again.</summary>
    private static readonly TimeSpan CutLinger = TimeSpan.FromMilliseconds(100);

    public async Task GetBlob(BlobCall call)
    {
        call.Demand(BlobRight.Read);
        var container = call.Container();
        var blob = call.Find(container);
        call.DemandKey();
        BlobConditions.DemandRead(call, blob);
        if (blob.Tier == "Archive")
        {
            throw BlobProblems.BlobArchived();
        }

        var (start, count, isPart) = Range(call, blob);
        var response = call.Azure.Response;
        BlobAnswers.WriteAll(call, blob, IsCurrent(call, container, blob), LeaseOf(call, container));
        response.StatusCode = isPart ? 206 : 200;
        if (isPart)
        {
            response.Headers.ContentRange = $"bytes {start}-{start + count - 1}/{blob.Content.Length}";
        }

        if (blob.Headers.Md5 is { } md5)
        {
            response.Headers[isPart ? "x-ms-blob-content-md5" : "Content-MD5"] = md5;
        }

        response.ContentLength = count;
        if (call.Azure.Late is FaultEffect.CutBody cut && cut.AfterBytes < count)
        {
            await blob.Content.WriteToAsync(response.BodyWriter, start, cut.AfterBytes, call.Azure.Cancellation);
            await Task.Delay(CutLinger, call.Azure.Cancellation);
            throw new DroppedException();
        }

        await blob.Content.WriteToAsync(response.BodyWriter, start, count, call.Azure.Cancellation);
    }

    public Task GetBlobProperties(BlobCall call)
    {
        call.Demand(BlobRight.Read);
        var container = call.Container();
        var blob = call.Find(container);
        call.DemandKey();
        BlobConditions.DemandRead(call, blob);
        BlobAnswers.WriteAll(call, blob, IsCurrent(call, container, blob), LeaseOf(call, container));
        if (blob.Headers.Md5 is { } md5)
        {
            call.Azure.Response.Headers.ContentMD5 = md5;
        }

        call.Azure.Response.ContentLength = blob.Content.Length;
        return Task.CompletedTask;
    }

    public Task GetBlobMetadata(BlobCall call)
    {
        call.Demand(BlobRight.Read);
        var blob = call.Find(call.Container());
        call.DemandKey();
        BlobConditions.DemandRead(call, blob);
        BlobAnswers.WriteChange(call, blob);
        BlobMetadata.Write(call.Azure, blob.Metadata);
        return call.Azure.SendEmptyAsync(200);
    }

    private static (long Start, long Count, bool IsPart) Range(BlobCall call, BlobState blob)
    {
        var length = blob.Content.Length;
        if ((call.Header("x-ms-range") ?? call.Header("Range")) is not { } header
            || !ByteRange.TryParse(header, length, out var start, out var count))
        {
            return (0, length, false);
        }

        return count > 0 ? (start, count, true) : throw BlobProblems.InvalidRange();
    }

    private static bool IsCurrent(BlobCall call, Container container, BlobState blob)
    {
        lock (container.Gate)
        {
            return ReferenceEquals(container.Index.Find(call.Name)?.Current, blob);
        }
    }

    private static Lease? LeaseOf(BlobCall call, Container container)
    {
        lock (container.Gate)
        {
            return container.Index.Find(call.Name)?.Lease;
        }
    }
}
