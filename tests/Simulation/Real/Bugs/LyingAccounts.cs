using Cloud.Stores;
using Simulation.Real.Clouds;

namespace Simulation.Real.Bugs;

/// <summary>Accounts as an adapter with a bug takes them.</summary>
internal sealed class LyingAccounts(IObjectStores real, Bug bug, World world) : IObjectStores
{
    public async Task<StoreDescription> DescribeAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var seen = await real.DescribeAsync(spec, cancellation);
        return bug switch
        {
            Bug.OldKeyIsLetGoBeforeTheRewrap when seen.ObservedKeyId is { } asked =>
                seen with { CurrentKeyVersion = $"{asked}/1" },
            Bug.AccountIsShutByHalf when Find(spec) is { IsNetworkShut: true } => seen with { IsDenied = true },
            Bug.InterruptedClosingIsLeftSo => Without(seen, "InterruptedClosing"),
            Bug.RoleIsNotGivenBack => Without(seen, "WorkloadRole"),
            _ => seen,
        };
    }

    public Task<StoreOwnership> OwnershipAsync(StoreSpec spec, CancellationToken cancellation) =>
        real.OwnershipAsync(spec, cancellation);

    public Task PrepareAsync(StoreSpec spec, CancellationToken cancellation) => real.PrepareAsync(spec, cancellation);

    public Task<IReadOnlyList<EarlierStore>> FindEarlierAsync(
        StoreSpec spec, StoreSearch search, CancellationToken cancellation) =>
        real.FindEarlierAsync(spec, search, cancellation);

    public Task AdoptAsync(StoreSpec spec, CancellationToken cancellation) => real.AdoptAsync(spec, cancellation);

    public Task<bool> WritePinAsync(StoreSpec spec, string pin, CancellationToken cancellation) =>
        bug == Bug.PinIsForgotten ? Task.FromResult(true) : real.WritePinAsync(spec, pin, cancellation);

    public Task<string?> ReadPinAsync(StoreRef store, CancellationToken cancellation) =>
        real.ReadPinAsync(store, cancellation);

    public async Task<DenialOutcome> DenyAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation)
    {
        var outcome = await real.DenyAsync(spec, order, cancellation);
        if (bug == Bug.AccountIsShutByHalf && Find(spec) is { } there)
        {
            there.HasRole = true;
        }

        return outcome;
    }

    public async Task<IReadOnlyList<NotPutBack>> AllowAsync(
        StoreSpec spec, string? setAside, CancellationToken cancellation)
    {
        var lost = await real.AllowAsync(spec, setAside, cancellation);
        if (bug == Bug.RoleIsNotGivenBack && Find(spec) is { } there)
        {
            there.HasRole = false;
        }

        return lost;
    }

    public Task<SharedDescription> DescribeSharedAsync(
        SharedRef shared, string owner, CancellationToken cancellation) =>
        real.DescribeSharedAsync(shared, owner, cancellation);

    public Task<string> RaiseFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        real.RaiseFenceAsync(shared, owner, cancellation);

    public Task LiftFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        real.LiftFenceAsync(shared, owner, cancellation);

    public Task DeleteAsync(StoreSpec spec, CancellationToken cancellation) => real.DeleteAsync(spec, cancellation);

    private static StoreDescription Without(StoreDescription seen, string aspect) =>
        seen with { Drift = [.. seen.Drift.Where(one => one != aspect)] };

    private StorageAccount? Find(StoreSpec spec) => world.Account.Find(spec.Store.Name) as StorageAccount;
}
