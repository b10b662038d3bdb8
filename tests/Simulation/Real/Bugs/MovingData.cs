using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Simulation.Real.Bugs;

/// <summary>Objects as an adapter or a worker with a bug of the move to the next bucket takes them.</summary>
internal sealed class MovingData(IObjectData real, Bug bug, World world) : IObjectData
{
    public IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, CancellationToken cancellation) =>
        real.ListVersionsAsync(store, prefix, afterKey, cancellation);

    public async Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation)
    {
        var copied = await real.CopyAsync(order, cancellation);
        if (bug == Bug.CopiesComeUnderTheOldKey && order.Source != order.Target
            && world.Account.Find(order.Source.Name) is { KeyId: { } old }
            && world.Account.Buckets[order.Target.Name] is var target
            && target.Of(order.TargetKey).FirstOrDefault(entry => entry.VersionId == copied.VersionId) is { } entry)
        {
            target.Replace(entry, entry with { KeyId = old, Material = world.Account.Keys[old].Material });
        }

        return copied;
    }

    public async Task<ObjectFacts?> HeadAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        await real.HeadAsync(store, key, versionId, cancellation) is not { } facts ? null
        : bug == Bug.CopiesComeUnderTheOldKey && world.Account.Find(store.Name)?.KeyId is { } ordered
            ? facts with { KeyId = ordered }
        : facts;

    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        real.HashAsync(store, key, versionId, cancellation);

    public Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation) =>
        real.MarkDeletedAsync(store, key, cancellation);

    public Task DeleteVersionsAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation) =>
        real.DeleteVersionsAsync(store, versions, cancellation);

    public async Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation) =>
        await real.ReadMarkAsync(store, key, cancellation)
            ?? (bug == Bug.EarlierNumbersReceiptIsBelieved && Moved.IsReceipt(key)
                ? Moved.EarlierReceipt(world, store.Name) : null);

    public Task<string> WriteMarkAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, KeyRef encryption, string? ifMatch,
        CancellationToken cancellation) =>
        bug == Bug.SwitchLeavesNoMark && key.EndsWith("served.json", StringComparison.Ordinal)
            ? Task.FromResult("e0")
            : real.WriteMarkAsync(store, key, content, encryption, ifMatch, cancellation);
}
