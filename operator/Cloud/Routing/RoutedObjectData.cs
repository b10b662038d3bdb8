using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;

namespace Cloud.Routing;

/// <summary>Each store's data to its own cloud. Data does not move between clouds.</summary>
public sealed class RoutedObjectData(Choice<IObjectData> clouds) : IObjectData
{
    public IAsyncEnumerable<ObjectVersion> ListVersionsAsync(
        StoreRef store, string prefix, string? afterKey, CancellationToken cancellation) =>
        clouds.For(store.Cloud).ListVersionsAsync(store, prefix, afterKey, cancellation);

    public Task<CopyResult> CopyAsync(CopyOrder order, CancellationToken cancellation) =>
        order.Source.Cloud == order.Target.Cloud
            ? clouds.For(order.Target.Cloud).CopyAsync(order, cancellation)
            : throw new CloudException(
                new CloudProblem.Refused("CloudsDiffer",
                    "source and target are in two clouds: no server copies between them"), "route");

    public Task<ObjectFacts?> HeadAsync(
        StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        clouds.For(store.Cloud).HeadAsync(store, key, versionId, cancellation);

    public Task<byte[]> HashAsync(StoreRef store, string key, string? versionId, CancellationToken cancellation) =>
        clouds.For(store.Cloud).HashAsync(store, key, versionId, cancellation);

    public Task<string?> MarkDeletedAsync(StoreRef store, string key, CancellationToken cancellation) =>
        clouds.For(store.Cloud).MarkDeletedAsync(store, key, cancellation);

    public Task DeleteVersionsAsync(
        StoreRef store, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellation) =>
        clouds.For(store.Cloud).DeleteVersionsAsync(store, versions, cancellation);

    public Task<bool> IsHeldAsync(StoreRef store, string key, CancellationToken cancellation) =>
        clouds.For(store.Cloud).IsHeldAsync(store, key, cancellation);

    public Task<bool> HoldAsync(StoreRef store, ObjectVersion standing, CancellationToken cancellation) =>
        clouds.For(store.Cloud).HoldAsync(store, standing, cancellation);

    public Task<string?> FindBesideAsync(StoreRef store, string prefix, CancellationToken cancellation) =>
        clouds.For(store.Cloud).FindBesideAsync(store, prefix, cancellation);

    public Task<Mark?> ReadMarkAsync(StoreRef store, string key, CancellationToken cancellation) =>
        clouds.For(store.Cloud).ReadMarkAsync(store, key, cancellation);

    public Task<string> WriteMarkAsync(
        StoreRef store, string key, ReadOnlyMemory<byte> content, KeyRef encryption, string? ifMatch,
        CancellationToken cancellation) =>
        clouds.For(store.Cloud).WriteMarkAsync(store, key, content, encryption, ifMatch, cancellation);
}
