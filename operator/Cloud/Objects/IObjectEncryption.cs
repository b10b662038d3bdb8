using Cloud.Keys;
using Cloud.Stores;

namespace Cloud.Objects;

/// <summary>
/// The port that puts what stands in a store under another key without moving it, and finds what a change of the
/// default leaves behind. Problems are <see cref="CloudException"/>; every verb is idempotent.
/// </summary>
public interface IObjectEncryption
{
    /// <summary>Whether <see cref="UpdateAsync"/> may work in this store between these keys, by whose they are.
    /// Nothing is tried.</summary>
    /// <param name="store">Of ours.</param>
    /// <param name="keys">Those that objects stand under, and the one that they are to stand under.</param>
    /// <param name="cancellation">As everywhere.</param>
    Task<bool> CouldUpdateAsync(StoreRef store, IReadOnlyList<KeyRef> keys, CancellationToken cancellation);

    /// <summary>
    /// Whether <see cref="UpdateAsync"/> works in this store from one key to the other, by trying it on an object of
    /// the operator's own: a server that does not know the call may take it for a write,
    /// and would replace the object with the request.
    /// </summary>
    /// <param name="store">Of ours.</param>
    /// <param name="from">What the trial's object is written under: a key that the store admits.</param>
    /// <param name="to">The other.</param>
    /// <param name="cancellation">As everywhere.</param>
    Task<UpdateSupport> TryUpdateAsync(StoreRef store, KeyRef from, KeyRef to, CancellationToken cancellation);

    /// <summary>
    /// Wraps the data key of one version anew: content, ETag and times stay. Only where <see cref="TryUpdateAsync"/>
    /// said that it works. Refused with a <see cref="CloudProblem.Refused.Fix"/> where the object stands in the way (a
    /// lock, a key of its writer's); NotFound where it is gone.
    /// </summary>
    Task UpdateAsync(StoreRef store, ObjectVersion version, KeyRef key, bool bucketKey, CancellationToken cancellation);

    /// <summary>
    /// Uploads that nobody completed, in key order. No cloud tells which key one will be written under: it is the one
    /// that was the default, or named, when it began.
    /// </summary>
    IAsyncEnumerable<UnfinishedUpload> ListUploadsAsync(StoreRef store, string prefix, CancellationToken cancellation);

    /// <summary>Whoever uploads has to begin again. Says nothing where it was completed or aborted meanwhile.</summary>
    Task AbortUploadAsync(StoreRef store, UnfinishedUpload upload, CancellationToken cancellation);
}

/// <summary>An upload by parts under way, or forgotten.</summary>
/// <param name="StartedAt">By the cloud's clock.</param>
public sealed record UnfinishedUpload(string Key, string UploadId, DateTimeOffset StartedAt);

/// <summary>Whether a store can put objects under another key where they stand.</summary>
public abstract record UpdateSupport
{
    private UpdateSupport()
    {
    }

    /// <summary>It was tried: same content, other key.</summary>
    public sealed record Works : UpdateSupport;

    /// <summary>It does not, and why, in the cloud's code or ours.</summary>
    public sealed record Refused(string Code, string Message) : UpdateSupport;
}
