using Cloud.Keys;
using Cloud.Stores;

namespace Cloud.Objects;

/// <summary>The data plane: listing, copying, verifying, retiring, and small marks. Streams;
/// memory does not grow with the store.</summary>
public interface IObjectData
{
    /// <summary>Versions and delete markers in key order, newest first within a key,
    /// starting after a key (exclusive).</summary>
    IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, CancellationToken cancellation);

    /// <summary>One copy, in one request up to 5 GB and by parts above, with metadata, tags,
    /// content headers and storage class kept.</summary>
    Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation);

    /// <summary>Null when that version is gone.</summary>
    Task<ObjectFacts?> HeadAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation);

    /// <summary>SHA-256 of the content, streamed through a fixed buffer.</summary>
    Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation);

    /// <summary>Puts a delete marker on top (versioned stores) and returns its version id.</summary>
    Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation);

    /// <summary>
    /// Deletes exactly these versions, 1,000 a request. An unversioned object (null version id) goes only while its
    /// ETag is still the one given. Throws on the first version that the store refuses to delete.
    /// </summary>
    Task DeleteVersionsAsync(StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation);

    /// <summary>
    /// In a place that <see cref="StoreRef.IsHeld"/>: whether what answers to the bare name is held for us, so that
    /// nobody else can have written it. True where the place's fence holds everything.
    /// </summary>
    Task<bool> IsHeldAsync(StoreRef store, string key, CancellationToken cancellation) => Task.FromResult(true);

    /// <summary>Holds what is known to be ours. False where that is no longer what stands there,
    /// or somebody else holds it.</summary>
    Task<bool> HoldAsync(StoreRef store, ObjectVersion standing, CancellationToken cancellation) =>
        Task.FromResult(true);

    /// <summary>A name in the store that is neither under the prefix nor the operator's own;
    /// null where there is none.</summary>
    async Task<string?> FindBesideAsync(StoreRef store, string prefix, CancellationToken cancellation)
    {
        await foreach (var version in ListVersionsAsync(store, "", afterKey: null, cancellation))
        {
            if (!version.Key.StartsWith(prefix, StringComparison.Ordinal)
                && !version.Key.StartsWith(Mark.Root, StringComparison.Ordinal))
            {
                return version.Key;
            }
        }

        return null;
    }

    /// <summary>A small object of ours in the store; null when it is not there. At most 1 MiB.</summary>
    Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation);

    /// <summary>Writes a small object under the key. With <paramref name="ifMatch"/> only over that ETag; with
    /// <see cref="Mark.OnlyNew"/> only where nothing is.</summary>
    Task<string> WriteMarkAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, KeyRef encryption, string? ifMatch,
        CancellationToken cancellation);
}

/// <summary>What the target says of the copy. <paramref name="KeyId"/> is the
/// key it was really written under.</summary>
public sealed record CopyResult(string? VersionId, string ETag, string? KeyId, Checksum? Checksum)
{
    /// <summary>Where a website leads who asks for the copy.</summary>
    public string? RedirectTo { get; init; }
}

/// <summary>What a HEAD tells: enough to verify a copy without reading its bytes.</summary>
public sealed record ObjectFacts(
    long Size, string ETag, string? KeyId, Checksum? Checksum, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Where a website leads who asks for it: no copy carries that by itself.</summary>
    public string? RedirectTo { get; init; }

    /// <summary>How its store encrypts it, in the cloud's spelling, such as <c>aws:kms</c> or <c>AES256</c>; null where
    /// the store says nothing of a single object.</summary>
    public string? Encryption { get; init; }

    /// <summary>Until when a retention keeps it from being deleted; the end of time under a legal hold. Null without
    /// either.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>What it has and no copy of it will have.</summary>
    public IReadOnlyList<string> NotCarried { get; init; } = [];
}

/// <summary>A small object's content and the ETag to write it back with.</summary>
public sealed record Mark(ReadOnlyMemory<byte> Content, string ETag)
{
    /// <summary>Every mark's name begins so. In a prepared store nobody but
    /// the operator writes or deletes under it.</summary>
    public const string Root = ".byok/";

    /// <summary>Ours are kilobytes. Something larger under that name is not ours,
    /// and is not read into memory.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>In the place of an ETag: only where nothing is.</summary>
    public const string OnlyNew = "*none*";

    internal static CloudException TooLarge(string operation, string? requestId = null) =>
        new(new CloudProblem.Refused(CloudProblem.MarkTooLarge, $"a mark holds at most {MostBytes} bytes"), operation,
            requestId);
}
