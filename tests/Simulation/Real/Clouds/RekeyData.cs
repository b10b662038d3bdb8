using System.Runtime.CompilerServices;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Simulation.Real.Clouds;

/// <summary>The data plane of a pod that puts objects under another key: its first listing is as old as the pod, and at
/// some call it may be killed.</summary>
internal sealed class RekeyData(IObjectData data, IObjectEncryption encryption, IReadOnlyList<Entry> listed, Mortal pod)
    : IObjectData, IObjectEncryption
{
    private bool hasListed;

    /// <summary>A bug writes there what was listed once, whatever stands there by now; null: it does not.</summary>
    public Bucket? Overwrites { get; init; }

    public async IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, [EnumeratorCancellation] CancellationToken cancellation)
    {
        pod.Count();
        if (prefix.Length > 0 || hasListed)
        {
            await foreach (var version in data.ListVersionsAsync(store, prefix, afterKey, cancellation))
            {
                yield return version;
            }

            yield break;
        }

        hasListed = true;
        foreach (var group
            in listed.Where(entry => afterKey is null || ObjectOrder.Utf8.Compare(entry.Key, afterKey) > 0)
                .GroupBy(entry => entry.Key))
        {
            var isLatest = true;
            foreach (var entry in group)
            {
                yield return new ObjectVersion(entry.Key, entry.VersionId, entry.ETag, entry.IsMarker ? 0
                    : 1, entry.At, entry.IsMarker, isLatest, null);
                isLatest = false;
            }
        }
    }

    public Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation)
    {
        if (Overwrites is { } bucket && listed.FirstOrDefault(entry => entry.Key == order.Version.Key) is { } old)
        {
            bucket.Write(
                old with
                {
                    KeyId = order.Key.Id,
                    Material = bucket.Under("").First(entry => entry.KeyId == order.Key.Id).Material,
                });
            return Task.FromResult(new CopyResult(null, old.ETag, order.Key.Id, null));
        }

        return Counted().CopyAsync(order, cancellation);
    }

    public async Task<ObjectFacts?> HeadAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation)
    {
        var facts = await Counted().HeadAsync(store, key, versionId, cancellation);
        return Overwrites is not null && listed.FirstOrDefault(entry => entry.Key == key) is { } old
            && facts?.ETag != old.ETag
            ? new ObjectFacts(1, old.ETag, old.KeyId, null, new Dictionary<string, string>())
            : facts;
    }

    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        Counted().HashAsync(store, key, versionId, cancellation);

    public Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation) =>
        Counted().MarkDeletedAsync(store, key, cancellation);

    public Task DeleteVersionsAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation) =>
            Counted().DeleteVersionsAsync(store, versions, cancellation);

    public Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation) =>
        Counted().ReadMarkAsync(store, key, cancellation);

    public Task<string> WriteMarkAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, KeyRef encryption, string? ifMatch,
        CancellationToken cancellation) =>
        Counted().WriteMarkAsync(store, key, content, encryption, ifMatch, cancellation);

    public Task<bool> CouldUpdateAsync(StoreRef store, IReadOnlyList<KeyRef> keys, CancellationToken cancellation) =>
        encryption.CouldUpdateAsync(store, keys, cancellation);

    public Task<UpdateSupport> TryUpdateAsync(StoreRef store, KeyRef from, KeyRef to, CancellationToken cancellation) =>
        encryption.TryUpdateAsync(store, from, to, cancellation);

    public Task UpdateAsync(
        StoreRef store, ObjectVersion version, KeyRef key, bool bucketKey, CancellationToken cancellation)
    {
        pod.Count();
        return encryption.UpdateAsync(store, version, key, bucketKey, cancellation);
    }

    public IAsyncEnumerable<UnfinishedUpload> ListUploadsAsync(
        StoreRef store, string prefix, CancellationToken cancellation) =>
            encryption.ListUploadsAsync(store, prefix, cancellation);

    public Task AbortUploadAsync(StoreRef store, UnfinishedUpload upload, CancellationToken cancellation) =>
        encryption.AbortUploadAsync(store, upload, cancellation);

    private IObjectData Counted()
    {
        pod.Count();
        return data;
    }
}
