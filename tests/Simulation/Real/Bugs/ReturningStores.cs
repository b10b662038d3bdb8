using Cloud.Stores;

namespace Simulation.Real.Bugs;

/// <summary>Buckets as an adapter with a bug of the way back takes them.
/// The hold on a shared place is one that is called so.</summary>
internal sealed class ReturningStores(IObjectStores real, Bug bug) : IObjectStores
{
    private const string Hold = "/return";

    private readonly Dictionary<string, string> held = [];
    private readonly Dictionary<string, SharedDefault?> defaults = [];

    public Task<StoreDescription> DescribeAsync(StoreSpec spec, CancellationToken cancellation) =>
        real.DescribeAsync(spec, cancellation);

    public Task<StoreOwnership> OwnershipAsync(StoreSpec spec, CancellationToken cancellation) =>
        real.OwnershipAsync(spec, cancellation);

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

    public async Task<SharedDescription> DescribeSharedAsync(
        SharedRef shared, string owner, CancellationToken cancellation)
    {
        var seen = await real.DescribeSharedAsync(shared, owner, cancellation);
        if (!IsHold(owner))
        {
            return seen;
        }

        if (seen.Fence is { } fence)
        {
            held[owner] = fence;
        }

        return bug switch
        {
            Bug.LostHoldCountsAsStanding => seen with { Fence = held.GetValueOrDefault(owner) },
            Bug.StrangersObjectIsWrittenOver => seen with { IsEmpty = true },
            Bug.CopiesStandAfterGivingUp when held.ContainsKey(owner) => seen with { IsEmpty = true },
            _ => seen,
        };
    }

    public async Task<SharedDefault?> SharedDefaultAsync(StoreRef shared, CancellationToken cancellation)
    {
        if (bug != Bug.DefaultIsReadOnce || !defaults.TryGetValue(shared.Name, out var known))
        {
            known = defaults[shared.Name] = await real.SharedDefaultAsync(shared, cancellation);
        }

        return known;
    }

    public Task<string> RaiseFenceAsync(SharedRef shared, string owner, CancellationToken cancellation)
    {
        var isElsewhere = bug == Bug.SharedPlaceIsNotHeld ? IsHold(owner)
            : bug == Bug.StoreIsNotFencedForItsReturn && shared.Store.Name != World.SharedBucket;
        return real.RaiseFenceAsync(isElsewhere ? shared with { Prefix = shared.Prefix + "nothing/" }
            : shared, owner, cancellation);
    }

    public Task LiftFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        bug == Bug.HoldIsNeverReleased && IsHold(owner) ? Task.CompletedTask
            : real.LiftFenceAsync(shared, owner, cancellation);

    public Task DeleteAsync(StoreSpec spec, CancellationToken cancellation) => real.DeleteAsync(spec, cancellation);

    private static bool IsHold(string owner) => owner.EndsWith(Hold, StringComparison.Ordinal);
}
