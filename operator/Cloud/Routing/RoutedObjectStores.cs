using Cloud.Stores;

namespace Cloud.Routing;

/// <summary>Each store to its own cloud.</summary>
public sealed class RoutedObjectStores(Choice<IObjectStores> clouds) : IObjectStores
{
    public Task<StoreDescription> DescribeAsync(StoreSpec spec, CancellationToken cancellation) =>
        For(spec).DescribeAsync(spec, cancellation);

    public Task<StoreOwnership> OwnershipAsync(StoreSpec spec, CancellationToken cancellation) =>
        For(spec).OwnershipAsync(spec, cancellation);

    public Task PrepareAsync(StoreSpec spec, CancellationToken cancellation) =>
        For(spec).PrepareAsync(spec, cancellation);

    public Task<IReadOnlyList<EarlierStore>> FindEarlierAsync(
        StoreSpec spec, StoreSearch search, CancellationToken cancellation) =>
        For(spec).FindEarlierAsync(spec, search, cancellation);

    public Task AdoptAsync(StoreSpec spec, CancellationToken cancellation) => For(spec).AdoptAsync(spec, cancellation);

    public Task<bool> WritePinAsync(StoreSpec spec, string pin, CancellationToken cancellation) =>
        For(spec).WritePinAsync(spec, pin, cancellation);

    public Task<string?> ReadPinAsync(StoreRef store, CancellationToken cancellation) =>
        clouds.For(store.Cloud).ReadPinAsync(store, cancellation);

    public Task<DenialLook> LookAtDenialAsync(StoreSpec spec, CancellationToken cancellation) =>
        For(spec).LookAtDenialAsync(spec, cancellation);

    public Task<DenialOutcome> DenyAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation) =>
        For(spec).DenyAsync(spec, order, cancellation);

    public Task<IReadOnlyList<NotPutBack>> AllowAsync(
        StoreSpec spec, string? setAside, CancellationToken cancellation) =>
            For(spec).AllowAsync(spec, setAside, cancellation);

    public Task<SharedDescription> DescribeSharedAsync(
        SharedRef shared, string owner, CancellationToken cancellation) =>
            For(shared).DescribeSharedAsync(shared, owner, cancellation);

    public Task<SharedDefault?> SharedDefaultAsync(StoreRef shared, CancellationToken cancellation) =>
        clouds.For(shared.Cloud).SharedDefaultAsync(shared, cancellation);

    public Task<string> RaiseFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        For(shared).RaiseFenceAsync(shared, owner, cancellation);

    public Task LiftFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        For(shared).LiftFenceAsync(shared, owner, cancellation);

    public Task<bool> EmptyDeniedAsync(StoreSpec spec, CancellationToken cancellation) =>
        For(spec).EmptyDeniedAsync(spec, cancellation);

    public Task DeleteAsync(StoreSpec spec, CancellationToken cancellation) =>
        For(spec).DeleteAsync(spec, cancellation);

    private IObjectStores For(StoreSpec spec) => clouds.For(spec.Store.Cloud);

    private IObjectStores For(SharedRef shared) => clouds.For(shared.Store.Cloud);
}
