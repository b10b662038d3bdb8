using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Cloud.Azure.Calling;
using Cloud.Azure.Stores;
using Cloud.Calling;
using Cloud.Objects;

namespace Cloud.Azure.Objects;

/// <summary>One copy: from which state of which blob to where, and what all its forms share.</summary>
internal sealed record BlobCopy(BlobSite Site, CopyOrder Order)
{
    public ObjectVersion Version => Order.Version;

    public BlobMoment From => BlobMoment.Of(Version.VersionId);

    public Uri Source => Site.Place(Order.Source).Blob(Version.Key, From);

    /// <summary>It must be the one that was listed.</summary>
    public ETag SourceETag => BlobLook.Quoted(Version.ETag);

    public string TargetKey => Order.TargetKey;

    /// <summary>It is made only where nothing answers to that name.</summary>
    public bool IsNew { get; init; }

    /// <summary>Of what stands there, which is ours; null where nothing is held.</summary>
    public string? LeaseId { get; init; }

    /// <summary>What the first write of a blob is made on; null where it is made whatever stands there.</summary>
    public BlobRequestConditions? On => IsNew ? new() { IfNoneMatch = ETag.All } : Shown;

    /// <summary>What each further write shows; null where nothing is held.</summary>
    public BlobRequestConditions? Shown => LeaseId is { } lease ? new() { LeaseId = lease } : null;

    /// <summary>Clients of a kind come from it.</summary>
    public BlobContainerClient Target => Site.Container(Order.Target);

    public static BlobCopy Of(CopyOrder order, BlobSite site)
    {
        BlobPlace.Demand(order.TargetKey);
        return new BlobCopy(site, order);
    }

    /// <summary>The same copy, of a blob that is held from now on, where its place is one that is.</summary>
    /// <exception cref="CloudException">Somebody wrote there in between.</exception>
    public async Task<BlobCopy> HoldAsync(WrittenBlob made, CancellationToken cancellation)
    {
        if (!Order.Target.IsHeld || LeaseId is not null)
        {
            return this;
        }

        return await new BlobHold(Site).HoldAsync(Order.Target, TargetKey, made.ETag, cancellation)
            ? this with { IsNew = false, LeaseId = FenceLease.IdFor(Order.Target, TargetKey) }
            : throw new CloudException(HeldPlace.Taken(TargetKey), "blob:LeaseBlob");
    }

    public Task<BlobLook> LookAsync(CancellationToken cancellation) =>
        BlobLook.AskAsync(Site, Site.Blob(Order.Source, Version.Key, From), Version.ETag, cancellation);

    /// <summary>As whom the service reads the source. Asked for anew for each request:
    /// what is copied piece by piece may outlast a token.</summary>
    public Task<HttpAuthorization> SourceAuthorizationAsync(CancellationToken cancellation) =>
        Site.SourceAuthorizationAsync(Source, cancellation);

    /// <summary>A write to the target that takes its content, if any, from elsewhere.</summary>
    public async Task<TAnswer> WriteAsync<TAnswer>(
        string operation, Func<CancellationToken, Task<Response<TAnswer>>> once, CancellationToken cancellation) =>
        (await Site.CallAsync(
            new BlobCall(operation) { RetryPolicy = CallRetryPolicy.Copy }, once, cancellation)).Value;

    /// <summary>Index tags of the source, for a copy that is not made in one request.</summary>
    public async Task<IDictionary<string, string>?> TagsAsync(BlobLook look, CancellationToken cancellation)
    {
        var source = Site.Blob(Order.Source, Version.Key, From);
        return look.HasTags
            ? (await Site.CallAsync(new BlobCall("blob:GetBlobTags"),
                stop => source.GetTagsAsync(conditions: null, stop), cancellation)).Value.Tags : null;
    }
}

/// <summary>What the target says of a write. <paramref name="VersionId"/> is in the port's terms.</summary>
internal sealed record WrittenBlob(string? VersionId, string ETag)
{
    /// <summary>The digest that the service held the bytes against, where it did.</summary>
    public Checksum? Checked { get; init; }

    /// <summary>The encryption scope that it came under; null where that is its account's own encryption.</summary>
    public string? Scope { get; init; }

    public static WrittenBlob Of(BlobContentInfo written) => new(written.VersionId, BlobLook.Bare(written.ETag))
    {
        Scope = written.EncryptionScope is { Length: > 0 } scope ? scope : null,
    };
}
