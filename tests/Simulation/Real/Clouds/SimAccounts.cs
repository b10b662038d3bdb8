using Cloud;
using Cloud.Stores;

namespace Simulation.Real.Clouds;

/// <summary>
/// The control plane of accounts as one process reaches it. Whose one is, and that it is found again, is as with
/// buckets. It is shut and opened in many calls, each of which may be the last.
/// </summary>
internal sealed class SimAccounts(SimStores buckets, Account account, Line line, Action leave) : IObjectStores
{
    private static readonly TimeSpan settling = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan wrapping = TimeSpan.FromSeconds(8);

    private static readonly Dictionary<string, string> nothing = [];

    public async Task<StoreDescription> DescribeAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var ownership = await buckets.OwnershipAsync(spec, cancellation);
        if (Find(spec) is not { } there || ownership is StoreOwnership.Stranger)
        {
            return new StoreDescription(ownership, [], IsDenied: false, null, nothing, []);
        }

        var isDenied = there is { IsDenied: true, ShutAt: not null };
        return new StoreDescription(ownership, ownership is StoreOwnership.Ours ? [.. Drift(there, spec)] : [],
            isDenied, there.KeyId, nothing, [])
        {
            Pin = there.Pin,
            SettlesAt = isDenied && there.ShutAt > DateTimeOffset.MinValue ? there.ShutAt + settling : null,
            CurrentKeyVersion = $"{there.RootKey}/{there.RootMaterial}",
            IsEmpty = isDenied ? false : null,
            KeepsVersions = there.IsVersioned,
        };
    }

    public Task<StoreOwnership> OwnershipAsync(StoreSpec spec, CancellationToken cancellation) =>
        buckets.OwnershipAsync(spec, cancellation);

    public Task<IReadOnlyList<EarlierStore>> FindEarlierAsync(
        StoreSpec spec, StoreSearch search, CancellationToken cancellation) =>
        buckets.FindEarlierAsync(spec, search, cancellation);

    public Task AdoptAsync(StoreSpec spec, CancellationToken cancellation) => buckets.AdoptAsync(spec, cancellation);

    public async Task PrepareAsync(StoreSpec spec, CancellationToken cancellation)
    {
        var key = account.Used(spec.Key.Id);
        if (await buckets.OwnershipAsync(spec, cancellation) is StoreOwnership.Absent)
        {
            await ChangeAsync(() => account.Add(new StorageAccount(spec.Store.Name)
            {
                Owner = spec.Owner,
                MadeFor = spec.Owner,
                RightOwner = spec.Owner,
                Names = spec.Names,
                IsVersioned = spec.Versioned,
                KeyId = key.Arn,
                RootKey = key.Arn,
                RootMaterial = key.Material,
            }), cancellation);
        }

        var there = await OursAsync(spec, cancellation);
        var drift = Drift(there, spec).ToList();
        if (drift.Contains("Encryption"))
        {
            await ChangeAsync(() => Ask(there, key), cancellation);
        }

        if (drift.Contains("InterruptedClosing"))
        {
            await ShutAsync(there, cancellation);
        }

        if (drift.Contains("WorkloadRole"))
        {
            await ChangeAsync(() => there.HasRole = true, cancellation);
        }

        await ChangeAsync(() => (there.HasDrift, there.IsVersioned, there.AllowsKeys) =
            (false, there.IsVersioned || spec.Versioned, false), cancellation);
    }

    public async Task<bool> WritePinAsync(StoreSpec spec, string pin, CancellationToken cancellation)
    {
        var there = await OursAsync(spec, cancellation);
        await ChangeAsync(() => there.Pin = pin, cancellation);
        return true;
    }

    public async Task<string?> ReadPinAsync(StoreRef store, CancellationToken cancellation)
    {
        await line.Call(Domain.Buckets).BeforeAsync(cancellation);
        return account.Find(store.Name) is StorageAccount there ? there.Pin : null;
    }

    public async Task<DenialOutcome> DenyAsync(StoreSpec spec, DenialOrder order, CancellationToken cancellation)
    {
        var ownership = await buckets.OwnershipAsync(spec, cancellation);
        if (!order.MayClose(ownership) || Find(spec) is not { } there)
        {
            throw new CloudException(new CloudProblem.Conflict("NotOurs", "it is somebody else's"), "arm");
        }

        if (there is not { IsDenied: true, ShutAt: not null })
        {
            await ShutAsync(there, cancellation);
        }

        return DenialOutcome.Whole;
    }

    public async Task<IReadOnlyList<NotPutBack>> AllowAsync(
        StoreSpec spec, string? setAside, CancellationToken cancellation)
    {
        var there = await OursAsync(spec, cancellation);
        if (there.IsMarked)
        {
            await ChangeAsync(() => there.Door = there.Door is null ? null : true, cancellation);
            await ChangeAsync(
                () => (there.IsNetworkShut, there.IsMarked, there.ShutAt) = (false, false, null), cancellation);
            await ChangeAsync(() => there.HasRole = true, cancellation);
        }

        return [];
    }

    public Task<SharedDescription> DescribeSharedAsync(
        SharedRef shared, string owner, CancellationToken cancellation) =>
        buckets.DescribeSharedAsync(shared, owner, cancellation);

    public Task<string> RaiseFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        buckets.RaiseFenceAsync(shared, owner, cancellation);

    public Task LiftFenceAsync(SharedRef shared, string owner, CancellationToken cancellation) =>
        buckets.LiftFenceAsync(shared, owner, cancellation);

    public Task DeleteAsync(StoreSpec spec, CancellationToken cancellation) => buckets.DeleteAsync(spec, cancellation);

    private static IEnumerable<string> Drift(StorageAccount there, StoreSpec spec)
    {
        if (there.HasDrift || there.KeyId != spec.Key.Id)
        {
            yield return "Encryption";
        }

        if (there.AllowsKeys)
        {
            yield return "SharedKey";
        }

        if (!there.HasRole && !there.IsMarked)
        {
            yield return "WorkloadRole";
        }

        if (there.IsMarked && there is not { IsDenied: true, ShutAt: not null })
        {
            yield return "InterruptedClosing";
        }
    }

    /// <summary>The cloud takes a key that works, while the one that it has does too;
    /// wrapping takes its time.</summary>
    private void Ask(StorageAccount there, CloudKey key)
    {
        account.Used(there.RootKey);
        if (there.KeyId != key.Arn)
        {
            (there.KeyId, there.AskedMaterial, there.WrapsAt) =
                (key.Arn, key.Material, line.Time.Now + (wrapping * (++account.Made % 4)));
        }
    }

    /// <summary>No way waits for another to be shut: what could not be done is told at the end.</summary>
    private async Task ShutAsync(StorageAccount there, CancellationToken cancellation)
    {
        CloudException? undone = null;
        foreach (var shut in (Action[])
        [
            () => (there.IsNetworkShut, there.AllowsKeys, there.IsMarked) = (true, false, true),
            () => there.HasRole = false,
            () => there.Door = there.Door is null ? null : false,
        ])
        {
            try
            {
                await ChangeAsync(shut, cancellation);
            }
            catch (CloudException refused)
            {
                undone = refused;
            }
        }

        if (undone is not null)
        {
            throw undone;
        }

        await ChangeAsync(() => (there.IsMarked, there.ShutAt) = (true, line.Time.Now), cancellation);
    }

    private StorageAccount? Find(StoreSpec spec) => account.Find(spec.Store.Name) as StorageAccount;

    private async Task<StorageAccount> OursAsync(StoreSpec spec, CancellationToken cancellation) =>
        await buckets.OwnershipAsync(spec, cancellation) is StoreOwnership.Ours ? Find(spec)!
            : throw new CloudException(new CloudProblem.Conflict("NotOurs", "it is somebody else's"), "arm");

    private async Task ChangeAsync(Action change, CancellationToken cancellation)
    {
        var call = line.Call(Domain.Buckets);
        await call.BeforeAsync(cancellation);
        leave();
        change();
        call.After();
    }
}
