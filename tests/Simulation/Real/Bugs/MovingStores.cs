using Cloud.Stores;

namespace Simulation.Real.Bugs;

/// <summary>Buckets as an adapter with a bug of the move to the next bucket takes them.</summary>
internal sealed class MovingStores(IObjectStores real, Bug bug, World world) : IObjectStores
{
    public async Task<StoreDescription> DescribeAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var seen = await real.DescribeAsync(spec, cancellation);
        return seen with { Ownership = Told(spec, seen.Ownership) };
    }

    public async Task<StoreOwnership> OwnershipAsync(StoreSpec spec, CancellationToken cancellation) =>
        Told(spec, await real.OwnershipAsync(spec, cancellation));

    public Task PrepareAsync(StoreSpec spec, CancellationToken cancellation) => real.PrepareAsync(spec, cancellation);

    public Task<IReadOnlyList<EarlierStore>> FindEarlierAsync(
        StoreSpec spec, StoreSearch search, CancellationToken cancellation) =>
        real.FindEarlierAsync(spec, search, cancellation);

    public Task AdoptAsync(StoreSpec spec, CancellationToken cancellation) => real.AdoptAsync(spec, cancellation);

    public Task<DenialOutcome> DenyAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation) =>
        real.DenyAsync(spec, order, cancellation);

    public Task<IReadOnlyList<NotPutBack>> AllowAsync(
        StoreSpec spec, string? setAside, CancellationToken cancellation) =>
        real.AllowAsync(spec, setAside, cancellation);

    public Task<SharedDescription> DescribeSharedAsync(
        SharedRef shared, string owner, CancellationToken cancellation) =>
        real.DescribeSharedAsync(shared, owner, cancellation);

    public Task<SharedDefault?> SharedDefaultAsync(StoreRef shared, CancellationToken cancellation) =>
        real.SharedDefaultAsync(shared, cancellation);

    public Task<string> RaiseFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        real.RaiseFenceAsync(
            bug == Bug.OldBucketIsNotFenced && shared.IsOwn ? shared with { Prefix = "nothing/" } : shared, owner,
            cancellation);

    public Task LiftFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        real.LiftFenceAsync(shared, owner, cancellation);

    public Task DeleteAsync(StoreSpec spec, CancellationToken cancellation) => real.DeleteAsync(spec, cancellation);

    private StoreOwnership Told(StoreSpec spec, StoreOwnership whose) => bug switch
    {
        Bug.NextBucketIsForgotten when IsGoingBack && IsNext(spec.Store.Name) => StoreOwnership.Absent,
        Bug.NextBucketGoesWithTheOnlyCopy when whose == StoreOwnership.Absent
            && spec.Store.Name == world.Homes[0].TargetName && world.Homes[0].Others.Any() => StoreOwnership.Ours,
        _ => whose,
    };

    private bool IsNext(string name) => world.Homes[0].Others.Any(bucket => bucket.Name == name);

    /// <summary>The spec names the key again that the record puts the default on.</summary>
    private bool IsGoingBack =>
        (string?)world.People.Store(world.Homes[0])?["spec"]?["keyRef"]?["name"]
            == (string?)world.People.StoreRecord(world.Homes[0])?["place"]?["keyName"];
}
