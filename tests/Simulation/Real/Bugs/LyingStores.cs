using Cloud;
using Cloud.Stores;
using Simulation.Real.Clouds;

namespace Simulation.Real.Bugs;

/// <summary>Buckets as an adapter with a bug takes them.</summary>
internal sealed class LyingStores(IObjectStores real, Seeding seeding, Account account) : IObjectStores
{
    private readonly Dictionary<string, SharedDescription> seen = [];

    public async Task<StoreDescription> DescribeAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var description = await real.DescribeAsync(Admitting(Whose(spec)), cancellation);
        return seeding is { Bug: Bug.KeyReleasedThoughRetained, IsKeysTurn: true }
            ? description with { Ownership = StoreOwnership.Absent } : description;
    }

    public Task<StoreOwnership> OwnershipAsync(StoreSpec spec, CancellationToken cancellation) =>
        real.OwnershipAsync(Whose(spec), cancellation);

    public Task PrepareAsync(StoreSpec spec, CancellationToken cancellation) =>
        real.PrepareAsync(Admitting(Whose(spec)), cancellation);

    public async Task<IReadOnlyList<EarlierStore>> FindEarlierAsync(
        StoreSpec spec, StoreSearch search, CancellationToken cancellation) =>
        seeding.Bug == Bug.EarlierIsForgotten ? [] : await real.FindEarlierAsync(spec, search, cancellation);

    public Task AdoptAsync(StoreSpec spec, CancellationToken cancellation) =>
        real.AdoptAsync(Whose(spec), cancellation);

    public Task<DenialOutcome> DenyAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation) =>
        seeding.Bug == Bug.PolicyRefusedMeansOpen && account.Find(spec.Store.Name)?.Foreign is not null
            ? throw new CloudException(new CloudProblem.Refused("MalformedPolicy", "the policy is refused"),
                "s3:PutBucketPolicy")
            : real.DenyAsync(seeding.Bug == Bug.DeniesWhoeverItIs ? Taken(spec)
                : Whose(spec), seeding.Bug == Bug.ClosesByTagAlone ? DenialOrder.ByTag : order, cancellation);

    public Task<IReadOnlyList<NotPutBack>> AllowAsync(
        StoreSpec spec, string? setAside, CancellationToken cancellation) =>
        real.AllowAsync(Whose(spec), seeding.Bug == Bug.SetAsideIsForgotten ? null : setAside, cancellation);

    public async Task<SharedDescription> DescribeSharedAsync(
        SharedRef shared, string owner, CancellationToken cancellation)
    {
        if (seeding is { Bug: Bug.ActsWithoutPrecondition, IsActing: true } && seen.TryGetValue(owner, out var old))
        {
            return old;
        }

        return seen[owner] = await real.DescribeSharedAsync(shared, owner, cancellation);
    }

    public Task<string> RaiseFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        real.RaiseFenceAsync(seeding.Bug == Bug.NoWriteFence ? shared with { Prefix = shared.Prefix + "nothing/" }
            : shared, owner, cancellation);

    public Task<SharedDefault?> SharedDefaultAsync(StoreRef shared, CancellationToken cancellation) =>
        real.SharedDefaultAsync(shared, cancellation);

    public async Task LiftFenceAsync(SharedRef shared, string owner, CancellationToken cancellation)
    {
        await real.LiftFenceAsync(shared, owner, cancellation);
        if (seeding.Bug == Bug.LiftsAnyFence)
        {
            account.Buckets[shared.Store.Name].Fences.Clear();
        }
    }

    public Task DeleteAsync(StoreSpec spec, CancellationToken cancellation) =>
        real.DeleteAsync(Whose(spec), cancellation);

    private StoreSpec Admitting(StoreSpec spec) => seeding.Bug switch
    {
        Bug.NewKeyIsNotAdmitted => spec with { Admits = [] },
        Bug.OldKeyIsAdmittedForEver =>
            spec with
            {
                Admits = [.. account.Keys.Values.Where(key => key.Import is null && key.Arn != spec.Key.Id)
                    .Select(key => spec.Key with { Id = key.Arn })],
            },
        _ => spec,
    };

    private StoreSpec Whose(StoreSpec spec) => seeding.Bug == Bug.NoOwnershipCheck ? Taken(spec) : spec;

    private StoreSpec Taken(StoreSpec spec) =>
        account.Find(spec.Store.Name)?.Owner is { } owner ? spec with { Owner = owner } : spec;
}
