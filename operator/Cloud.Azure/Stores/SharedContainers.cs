using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs.Models;
using Cloud.Calling;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Azure.Stores;

/// <summary>
/// Tenants' prefixes of shared containers, and containers that are a tenant's as a whole. Azure has no statement that
/// refuses writes under a prefix, so the fence is a lease without end on every blob there: what stands can't be written
/// or deleted by anybody else. What is made anew meanwhile is not held back; the last listing finds it,
/// and the source is not retired with it in.
/// </summary>
internal sealed class SharedContainers(AccountLook look, SharedBlobs blobs)
{
    /// <summary>Leases asked for side by side.</summary>
    private const int Width = 16;

    /// <summary>As many as on AWS: the delta's Job is called after it, and a name holds 63 characters.</summary>
    private const int TokenBytes = 8;

    /// <summary>One act stays short: a lost leadership is noticed soon. What is left is the next act's.</summary>
    private static readonly TimeSpan LongestAct = TimeSpan.FromSeconds(20);

    public async Task<SharedDescription> DescribeAsync(SharedRef shared, string owner, CancellationToken cancellation)
    {
        var evidence = new Evidence();
        var place = AccountPlace.Of(shared.Store);
        if (await look.ContainerAsync(place, evidence, cancellation) is null)
        {
            return new SharedDescription(Exists: false, IsVersioned: false, IsEmpty: true, Fence: null,
                UnfinishedUploads: 0, evidence.ToList());
        }

        var unfit = UnfitAsync(shared, place, evidence, cancellation);
        var service = look.BlobServiceAsync(place, evidence, cancellation);
        var record = blobs.ReadAsync(shared.Store, FenceRecord.NameFor(owner), evidence, cancellation);
        var empty = blobs.IsEmptyAsync(shared, evidence, cancellation);
        var unfinished = UnfinishedAsync(shared, evidence, cancellation);
        await Task.WhenAll(unfit, service, record, empty, unfinished);
        var properties = (await service)?["properties"] as JsonObject;
        var fence = (await record) is { } found ? FenceRecord.Read(found.Text) : null;
        return new SharedDescription(
            Exists: true,
            AccountFacts.Flag(properties, "isVersioningEnabled") == true,
            await empty,
            fence?.State == FenceRecord.Rising ? null : fence?.Token,
            await unfinished,
            evidence.ToList())
        {
            RisingFence = fence?.State == FenceRecord.Rising ? fence.Token : null,
            // no delta is copied behind what is being lifted
            FencedSince = fence?.State == FenceRecord.Falling ? null : fence?.Since,
            KeepsDeletedDays = KeepsDeletedFor(properties),
            Unfit = await unfit,
            KeepsVersions = AccountFacts.Flag(properties, "isVersioningEnabled") == true,
        };
    }

    /// <summary>The account's own, unless the container puts everything under a scope.</summary>
    public async Task<SharedDefault?> DefaultAsync(StoreRef shared, CancellationToken cancellation)
    {
        var place = AccountPlace.Of(shared);
        var account = await look.FindAsync(place, evidence: null, cancellation);
        return account is null ? null
            : AccountEncryption.Of(account).DefaultOf(await look.ContainerAsync(place, evidence: null, cancellation));
    }

    /// <summary>Soft delete of blobs: versions and snapshots are kept like blobs
    /// (https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview).</summary>
    private static int? KeepsDeletedFor(JsonObject? service) =>
        service?["deleteRetentionPolicy"] is JsonObject kept && AccountFacts.Flag(kept, "enabled") == true
            ? kept["days"] is JsonValue days && days.TryGetValue<int>(out var count) ? count : 1
            : null;

    /// <summary>Such an account lists depth first, has directories among its blobs,
    /// and access lists that no copy of a blob carries.</summary>
    private async Task<CloudProblem.Refused?> UnfitAsync(
        SharedRef shared, AccountPlace place, Evidence evidence, CancellationToken cancellation)
    {
        try
        {
            var account = await look.FindAsync(place, evidence, cancellation);
            if (AccountFacts.Flag(account?["properties"] as JsonObject, "isHnsEnabled") == true)
            {
                return new("HierarchicalNamespace",
                    $"the account {place.Account} has a hierarchical namespace: copy the data to an account without "
                        + "one, and name that in spec.shared");
            }
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.Forbidden)
        {
            // Its listings say it too, only later.
        }

        return shared.IsWhole && await blobs.FirstReservedAsync(shared.Store, evidence, cancellation) is { } name
            ? new("NameReserved",
                $"the blob '{name}' begins with {Mark.Root}, where the operator keeps its own in the store, and would "
                    + "be left behind: rename or delete whatever begins so, or name a prefix")
            : null;
    }

    public Task<bool> IsEmptyAsync(StoreRef store, CancellationToken cancellation) =>
        blobs.IsEmptyAsync(store, cancellation);

    public async Task<string> RaiseAsync(SharedRef shared, string owner, CancellationToken cancellation)
    {
        var name = FenceRecord.NameFor(owner);
        var (fence, etag) = await blobs.ReadAsync(shared.Store, name, evidence: null, cancellation) is { } found
            ? (FenceRecord.Read(found.Text), found.ETag)
            : (null, null);
        if (fence is { State: FenceRecord.Standing })
        {
            return fence.Token;
        }

        if (fence is null || fence.State == FenceRecord.Falling)
        {
            fence = new FenceRecord(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes)), shared.Prefix,
                FenceRecord.Rising, Marker: null, blobs.Time.GetUtcNow());
            etag = await blobs.WriteAsync(shared.Store, name, fence.Write(), etag, cancellation);
        }

        return await WalkAsync((shared, name, fence, etag!), (blob, stop) => HoldAsync(shared.Store, blob, stop),
            cancellation) is { } etagNow
            ? await StandAsync(shared.Store, name,
                fence with { State = FenceRecord.Standing, Marker = null, Since = blobs.Time.GetUtcNow() }, etagNow,
                cancellation)
            : throw Unfinished("FenceRising", "the write fence is being raised blob by blob; the rest follows");
    }

    public async Task LiftAsync(SharedRef shared, string owner, CancellationToken cancellation)
    {
        var name = FenceRecord.NameFor(owner);
        if (await blobs.ReadAsync(shared.Store, name, evidence: null, cancellation) is not { } found)
        {
            return;
        }

        var (fence, etag) = (FenceRecord.Read(found.Text), found.ETag);
        if (fence.State != FenceRecord.Falling)
        {
            fence = fence with { State = FenceRecord.Falling, Marker = null };
            etag = await blobs.WriteAsync(shared.Store, name, fence.Write(), etag, cancellation);
        }

        if (await WalkAsync((shared, name, fence, etag), (blob, stop) => LetGoAsync(shared.Store, blob, stop),
            cancellation) is null)
        {
            throw Unfinished("FenceFalling", "the write fence is being lifted blob by blob; the rest follows");
        }

        await blobs.DeleteAsync(shared.Store, name, cancellation);
    }

    /// <summary>Null where time ran out first: the record then says where to go on. Else the record's ETag.</summary>
    private async Task<string?> WalkAsync(
        (SharedRef Shared, string Name, FenceRecord Fence, string ETag) walk,
        Func<string, CancellationToken, ValueTask> step, CancellationToken cancellation)
    {
        var (marker, etag, began) = (walk.Fence.Marker, walk.ETag, blobs.Time.GetTimestamp());
        while (true)
        {
            var asked = new GetBlobsOptions { Prefix = walk.Shared.Prefix };
            var (names, next) = await blobs.ListAsync(walk.Shared.Store, asked, (marker, SharedBlobs.PageSize),
                evidence: null, cancellation);
            // this fence's own record is among the others
            var theirs = names.Where(name => !name.StartsWith(Mark.Root, StringComparison.Ordinal));
            await Parallel.ForEachAsync(theirs,
                new ParallelOptions { MaxDegreeOfParallelism = Width, CancellationToken = cancellation }, step);
            if (next is null)
            {
                return etag;
            }

            marker = next;
            etag = await blobs.WriteAsync(walk.Shared.Store, walk.Name, (walk.Fence with { Marker = marker }).Write(),
                etag, cancellation);
            if (blobs.Time.GetElapsedTime(began) > LongestAct)
            {
                return null;
            }
        }
    }

    private async ValueTask HoldAsync(StoreRef store, string blob, CancellationToken cancellation)
    {
        if (!await blobs.HoldAsync(store, blob, FenceLease.IdFor(store, blob), cancellation))
        {
            throw new CloudException(
                new CloudProblem.Conflict("LeasedByAnother",
                    $"the blob '{blob}' is leased by somebody else, who could go on writing to it: have the lease "
                        + "given back"), "blob:LeaseBlob");
        }
    }

    private async ValueTask LetGoAsync(StoreRef store, string blob, CancellationToken cancellation) =>
        await blobs.LetGoAsync(store, blob, FenceLease.IdFor(store, blob), cancellation);

    private async Task<string> StandAsync(
        StoreRef store, string name, FenceRecord fence, string etag, CancellationToken cancellation)
    {
        await blobs.WriteAsync(store, name, fence.Write(), etag, cancellation);
        return fence.Token;
    }

    /// <summary>Names with blocks that nobody committed and nothing else; counted up to a page.</summary>
    private async Task<int> UnfinishedAsync(SharedRef shared, Evidence evidence, CancellationToken cancellation)
    {
        (string? Marker, int Size) page = (null, SharedBlobs.PageSize);
        var everything = await blobs.ListAsync(shared.Store,
            new GetBlobsOptions { Prefix = shared.Prefix, States = BlobStates.Uncommitted }, page, evidence,
            cancellation);
        var committed = await blobs.ListAsync(shared.Store, new GetBlobsOptions { Prefix = shared.Prefix }, page,
            evidence, cancellation);
        // The two pages may end at different names: what lies beyond the shorter one's end can't be told.
        var horizon = committed is { Next: not null, Names: [.., var last] } ? last : null;
        return everything.Names.Except(committed.Names, StringComparer.Ordinal).Count(name =>
            (horizon is null || string.CompareOrdinal(name, horizon) <= 0)
                && !name.StartsWith(Mark.Root, StringComparison.Ordinal));
    }

    private static CloudException Unfinished(string code, string message) =>
        new(new CloudProblem.Conflict(code, message), "blob:LeaseBlob");
}

/// <summary>
/// The lease that holds one fenced blob. Its id follows from the blob's address, so that whoever of us may delete it
/// can show the lease without having been told, and a lease of somebody else's is never mistaken for it.
/// </summary>
internal static class FenceLease
{
    public static string IdFor(StoreRef store, string blob) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"byok-fence\n{store.Name}\n{blob}")).AsSpan(0, 16)).ToString();
}
