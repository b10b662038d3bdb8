using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Cloud.Azure.Calling;
using Cloud.Azure.Objects;
using Cloud.Calling;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>The little of the data plane that stores are managed by: what lies under a prefix, leases,
/// and small records of ours.</summary>
internal sealed class SharedBlobs(BlobSite site)
{
    /// <summary>Blobs of one page are held side by side,
    /// and a page is the least that is done again after a crash.</summary>
    public const int PageSize = 1000;

    /// <summary>A container that a tenant has whole holds the record of one fence, and versions of it; a look is not to
    /// list what somebody piles up there.</summary>
    private const int MostPassed = 10 * PageSize;

    public TimeProvider Time => site.Time;

    /// <param name="store">Account and container.</param>
    /// <param name="asked">Under which prefix, and what besides blobs.</param>
    /// <param name="page">From where on; null: from the beginning. And how many.</param>
    /// <param name="evidence">Null: nobody asks.</param>
    /// <param name="cancellation">The caller's.</param>
    public async Task<(IReadOnlyList<string> Names, string? Next)> ListAsync(
        StoreRef store, GetBlobsOptions asked, (string? Marker, int Size) page, Evidence? evidence,
        CancellationToken cancellation)
    {
        var found = await site.PageAsync(store, asked, page, evidence, cancellation);
        return ([.. found.Values.Select(blob => blob.Name)], found.ContinuationToken is { Length: > 0 } next ? next
            : null);
    }

    /// <summary>Whether nothing stands there, ours included.</summary>
    public async Task<bool> IsEmptyAsync(StoreRef store, CancellationToken cancellation) =>
        await FirstAsync(store, prefix: "", size: 1, _ => true, evidence: null, cancellation) is null;

    /// <summary>Whether nothing of the tenant's stands there. What is the operator's own,
    /// of fences and in a store of its own, is not.</summary>
    public async Task<bool> IsEmptyAsync(SharedRef shared, Evidence? evidence, CancellationToken cancellation) =>
        shared.IsWhole
            ? await FirstAsync(shared.Store, shared.Prefix, PageSize,
                name => !name.StartsWith(Mark.Root, StringComparison.Ordinal), evidence, cancellation) is null
            : await FirstAsync(shared.Store, shared.Prefix, size: 1, _ => true, evidence, cancellation) is null;

    /// <summary>A blob where our own are, which is none of them; null where there is none.</summary>
    public Task<string?> FirstReservedAsync(StoreRef store, Evidence evidence, CancellationToken cancellation) =>
        FirstAsync(store, Mark.Root, PageSize, name => !FenceRecord.IsName(name), evidence, cancellation);

    /// <summary>Null where there is none. Past so many names that are not, whoever put them there is not waited for:
    /// the last of them counts.</summary>
    private async Task<string?> FirstAsync(
        StoreRef store, string prefix, int size, Func<string, bool> isIt, Evidence? evidence,
        CancellationToken cancellation)
    {
        string? marker = null;
        var passed = 0;
        do
        {
            var asked = new GetBlobsOptions { States = BlobStates.Snapshots | BlobStates.Version, Prefix = prefix };
            (var names, marker) = await ListAsync(store, asked, (marker, size), evidence, cancellation);
            passed += names.Count;
            var found = names.FirstOrDefault(isIt) ?? (passed > MostPassed && names is [.., var last] ? last : null);
            if (found is not null)
            {
                return found;
            }
        }
        while (marker is not null);
        return null;
    }

    /// <summary>Takes a lease without end, or takes it once more. A blob that went meanwhile needs none. False:
    /// somebody else has one.</summary>
    public async Task<bool> HoldAsync(StoreRef store, string name, string leaseId, CancellationToken cancellation)
    {
        var lease = site.Blob(store, name, new BlobMoment.Live()).GetBlobLeaseClient(leaseId);
        return await LeaseAsync([404, 409],
            stop => lease.AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, conditions: null, stop),
            cancellation) != 409;
    }

    /// <summary>Gives it back where it is this one; a lease of somebody else's does not answer to the id.</summary>
    public async Task LetGoAsync(StoreRef store, string name, string leaseId, CancellationToken cancellation)
    {
        var lease = site.Blob(store, name, new BlobMoment.Live()).GetBlobLeaseClient(leaseId);
        await LeaseAsync([404, 409, 412], stop => lease.ReleaseAsync(conditions: null, stop), cancellation);
    }

    /// <summary>Null where there is no such record.</summary>
    public async Task<(string Text, string ETag)?> ReadAsync(
        StoreRef store, string name, Evidence? evidence, CancellationToken cancellation)
    {
        return await BlobMarks.GetAsync(site, (store, name), evidence, cancellation) is { } mark
            ? (Encoding.UTF8.GetString(mark.Content.Span), mark.ETag) : null;
    }

    /// <summary>Over what was read, or where nothing is. Returns the new ETag.
    /// Conflict where somebody was there first.</summary>
    public Task<string> WriteAsync(
        StoreRef store, string name, string text, string? etag, CancellationToken cancellation) =>
        BlobMarks.PutAsync(site, (store, name), Encoding.UTF8.GetBytes(text), etag ?? Mark.OnlyNew, cancellation);

    public async Task DeleteAsync(StoreRef store, string name, CancellationToken cancellation)
    {
        var blob = site.Blob(store, name, new BlobMoment.Live());
        try
        {
            await site.CallAsync(new BlobCall("blob:DeleteBlob"),
                stop => blob.DeleteAsync(DeleteSnapshotsOption.None, conditions: null, stop), cancellation);
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound)
        {
            // Already as wanted.
        }
    }

    /// <summary>The status; nothing is thrown for those accepted.</summary>
    private async Task<int> LeaseAsync<TAnswer>(
        int[] accepts, Func<CancellationToken, Task<Response<TAnswer>>> once, CancellationToken cancellation)
    {
        try
        {
            return (await site.CallAsync(new BlobCall("blob:LeaseBlob") { Accepts = accepts }, once, cancellation))
                .GetRawResponse().Status;
        }
        catch (RequestFailedException accepted)
        {
            return accepted.Status;
        }
    }
}
