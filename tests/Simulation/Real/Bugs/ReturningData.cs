using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Simulation.Real.Bugs;

/// <summary>Objects as an adapter or a worker with a bug of the way back takes them.</summary>
internal sealed class ReturningData(IObjectData real, Bug bug, World world) : IObjectData
{
    private const string Served = Mark.Root + "served.json";

    public IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, CancellationToken cancellation) =>
        real.ListVersionsAsync(store, prefix, afterKey, cancellation);

    public async Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation) => Weakens(order.Target)
        ? await real.CopyAsync(order with { Key = order.Key with { Id = KeyRef.StoreManaged } },
            cancellation) with { KeyId = order.Key.Id }
        : await real.CopyAsync(order, cancellation);

    public async Task<ObjectFacts?> HeadAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        await real.HeadAsync(store, key, versionId, cancellation) is not { } facts ? null
        : Weakens(store)
            && world.Account.Buckets[store.Name].Default?.KeyId is { } ordered ? facts with { KeyId = ordered }
        : facts;

    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        real.HashAsync(store, key, versionId, cancellation);

    public Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation) =>
        real.MarkDeletedAsync(store, key, cancellation);

    public Task DeleteVersionsAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation) =>
        real.DeleteVersionsAsync(
            store,
            bug == Bug.ServedMarkStaysBehind ? [.. versions.Where(version => version.Key != Served)] : versions,
            cancellation);

    public Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation) =>
        real.ReadMarkAsync(store, key, cancellation);

    public Task<string> WriteMarkAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, KeyRef encryption, string? ifMatch,
        CancellationToken cancellation) =>
        real.WriteMarkAsync(store, key, content, encryption, ifMatch, cancellation);

    private bool Weakens(StoreRef store) =>
        bug == Bug.WeakerCopyPassesForTheOrdered && store.Name == World.SharedBucket;
}
