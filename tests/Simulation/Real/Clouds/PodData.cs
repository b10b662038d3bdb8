using System.Runtime.CompilerServices;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Simulation.Real.Running;

namespace Simulation.Real.Clouds;

/// <summary>A pod's data plane: its view of the source is as old as the pod,
/// and at some call it may be killed.</summary>
internal sealed class PodData(IObjectData data, Pod pod, int calls) : IObjectData
{
    private int left = calls;

    public async IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Count();
        if (store != pod.Options.Source || prefix != pod.Options.Prefix) // marks of a return stand in the source
        {
            await foreach (var version in data.ListVersionsAsync(store, prefix, afterKey, cancellation))
            {
                yield return version;
            }

            yield break;
        }

        foreach (var group
            in pod.Listed.Where(entry => afterKey is null || string.CompareOrdinal(entry.Key, afterKey) > 0)
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

    public Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation) =>
        Counted().CopyAsync(order, cancellation);

    public Task<ObjectFacts?> HeadAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
            Counted().HeadAsync(store, key, versionId, cancellation);

    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        Counted().HashAsync(store, key, versionId, cancellation);

    public Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation) =>
        Counted().MarkDeletedAsync(store, key, cancellation);

    public Task DeleteVersionsAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation) =>
            Counted().DeleteVersionsAsync(store, versions, cancellation);

    public Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation) =>
        key.EndsWith("receipt.json", StringComparison.Ordinal) && !pod.SawReceipt ? Task.FromResult<Mark?>(null)
            : Counted().ReadMarkAsync(store, key, cancellation);

    public Task<string> WriteMarkAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, KeyRef encryption, string? ifMatch,
        CancellationToken cancellation) =>
        Counted().WriteMarkAsync(store, key, content, encryption, ifMatch, cancellation);

    private IObjectData Counted()
    {
        Count();
        return data;
    }

    private void Count()
    {
        if (--left < 0)
        {
            throw new CrashedException();
        }
    }
}
