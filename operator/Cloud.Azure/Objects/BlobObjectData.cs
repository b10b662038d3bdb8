using Cloud.Azure.Calling;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Azure.Objects;

/// <summary>Azure Blob Storage behind the data plane's port.</summary>
internal sealed class BlobObjectData : IObjectData
{
    private readonly BlobSite site;
    private readonly AccountKeys keys;
    private readonly BlobListing listing;
    private readonly BlobCopier copier;
    private readonly BlobHasher hasher;
    private readonly BlobRemover remover;
    private readonly BlobMarks marks;
    private readonly BlobHold hold;

    public BlobObjectData(AzureCaller caller, BlobSite blobs)
    {
        site = blobs;
        keys = new AccountKeys(caller);
        listing = new BlobListing(site);
        copier = new BlobCopier(site, keys);
        hasher = new BlobHasher(site);
        remover = new BlobRemover(site, listing);
        marks = new BlobMarks(site, keys);
        hold = new BlobHold(site);
    }

    public IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, CancellationToken cancellation) =>
        listing.ListAsync(store, prefix, afterKey, cancellation);

    public Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation) =>
        copier.CopyAsync(order, cancellation);

    public async Task<ObjectFacts?> HeadAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation)
    {
        var moment = BlobMoment.Of(versionId);
        if (moment is BlobMoment.Deleted)
        {
            return null;
        }

        try
        {
            var look = await BlobLook.AskAsync(site, site.Blob(store, key, moment), etag: null, cancellation);
            var standing = await keys.LookAsync(store, cancellation);
            return look.ToFacts(standing?.KeyId, site.Options.CopyByBlocksAbove) with { Encryption = look.IsScoped
                ? null : standing?.Source };
        }
        catch (CloudException refusal)
            when (refusal is { Problem: CloudProblem.NotFound, Operation: "blob:GetBlobProperties" })
        {
            return null;
        }
    }

    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        hasher.HashAsync(store, key, versionId, cancellation);

    public Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation) =>
        remover.MarkDeletedAsync(store, key, cancellation);

    public Task DeleteVersionsAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation) =>
        remover.DeleteAsync(store, versions, cancellation);

    public Task<bool> IsHeldAsync(StoreRef store, string key, CancellationToken cancellation) =>
        hold.IsHeldAsync(store, key, cancellation);

    public Task<bool> HoldAsync(StoreRef store, ObjectVersion standing, CancellationToken cancellation) =>
        hold.HoldAsync(store, standing.Key, standing.ETag, cancellation);

    public Task<string?> FindBesideAsync(StoreRef store, string prefix, CancellationToken cancellation) =>
        listing.FindBesideAsync(store, prefix, cancellation);

    public Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation) =>
        marks.ReadAsync(store, key, cancellation);

    public Task<string> WriteMarkAsync(
        StoreRef store,
        string key,
        ReadOnlyMemory<byte> content,
        KeyRef encryption,
        string? ifMatch,
        CancellationToken cancellation) => marks.WriteAsync(store, key, content, (encryption, ifMatch), cancellation);
}
