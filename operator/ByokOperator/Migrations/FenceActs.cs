using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using Cloud.Stores;
using Kube.Core;
using Kube.Runtime.Leading;

namespace ByokOperator.Migrations;

/// <summary>The write fence: raised, given up when its time is over, lifted at the end; and what other acts demand of it.</summary>
internal sealed class FenceActs(Surroundings around, StoreMarks marks, KeyGate gate, BindingActs bindings, LeadershipFence leadership)
{
    private readonly StoreRecords records = new(around);

    public async Task RaiseAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var (places, source) = await MoveAsync(store, cancellation);
        if (!IsOpen(store) && await marks.ServedAsync(places.Target, cancellation) is null)
        {
            throw Closed(); // once readers were switched, a fence is raised at any time
        }

        await around.Cloud.Stores.RaiseFenceAsync(source, places.Identity, cancellation);
    }

    public Task QuiesceAsync(EncryptedStore store, CancellationToken cancellation)
    {
        DemandOpen(store);
        return bindings.SuspendAsync(store, cancellation);
    }

    public async Task LiftAsync(EncryptedStore store, MigrationAct.LiftFence lift, CancellationToken cancellation)
    {
        var (places, source) = await MoveAsync(store, cancellation);
        await DemandAnyAsync(places, source, lift.Token, cancellation);
        leadership.ThrowIfLost();
        await around.Cloud.Stores.LiftFenceAsync(source, places.Identity, cancellation);
    }

    /// <summary>Recorded ahead: a fence whose lifting was interrupted is lifted on, and not raised at once by whoever comes next.</summary>
    public async Task GiveUpAsync(EncryptedStore store, MigrationAct.GiveUpFence give, CancellationToken cancellation)
    {
        var (places, source) = await MoveAsync(store, cancellation);
        var (seen, now) = (await DemandAnyAsync(places, source, give.Token, cancellation), around.Time.GetUtcNow());
        if (MaintenanceCalendar.IsOpen(store, now) && FenceBound.IsInTime(seen.FencedSince, FenceBound.TimeoutOf(store), now))
        {
            throw new RefusedActException("FenceInTime", "the write fence has not stood for spec.migration.fenceTimeout, and no maintenance window has ended");
        }

        await DemandNotServedAsync(places, cancellation);
        if ((await marks.ReceiptAsync(places.Target, cancellation))?.Facts is { } receipt && receipt.Fence == give.Token && receipt.Scope == StoreNames.Scope(store, places.MovedUnder))
        {
            throw new RefusedActException("ReceiptStands", "a receipt names this fence: the delta is done");
        }

        leadership.ThrowIfLost();
        await NoteAsync(store, now, cancellation);
        leadership.ThrowIfLost();
        await around.Cloud.Stores.LiftFenceAsync(source, places.Identity, cancellation);
    }

    public async Task ReleaseAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var (places, source) = await MoveAsync(store, cancellation);
        if (await around.Cloud.Stores.DescribeSharedAsync(source, places.Identity, cancellation) is { Fence: not null } or { RisingFence: not null })
        {
            throw new RefusedActException("FenceStands", "a write fence stands: what was held still for it stays so");
        }

        await gate.DemandConfirmedAsync(store, cancellation);
        await gate.DemandAsync(store, pin: null, cancellation);
        leadership.ThrowIfLost();
        await bindings.ResumeAsync(store, cancellation);
    }

    /// <summary>Nothing and nobody is held up, and nothing vouched for, once the window has ended.</summary>
    public void DemandOpen(EncryptedStore store)
    {
        if (!IsOpen(store))
        {
            throw Closed();
        }
    }

    private static RefusedActException Changed() => new("FenceChanged", "the write fence is not the one this was decided behind");

    private static RefusedActException Closed() => new("WindowNotOpen", "none of spec.maintenanceWindows is open");

    private bool IsOpen(EncryptedStore store) => MaintenanceCalendar.IsOpen(store, around.Time.GetUtcNow());

    /// <summary>A record that can't be written holds no writer back: as long as it can't be read, no fence is raised.</summary>
    private async Task NoteAsync(EncryptedStore store, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            await records.NoteFenceLiftedAsync(store, now, cancellation);
        }
        catch (RefusedActException)
        {
            return;
        }
    }

    /// <returns>The shared place as it was seen with that fence.</returns>
    public async Task<SharedDescription> DemandAsync(StorePlaces places, SharedRef source, string fence, CancellationToken cancellation) =>
        await around.Cloud.Stores.DescribeSharedAsync(source, places.Identity, cancellation) is var seen && seen.Fence == fence
            ? seen
            : throw Changed();

    /// <summary>Who lifts it asks no more than that it is the one that was seen, however far it got.</summary>
    private async Task<SharedDescription> DemandAnyAsync(StorePlaces places, SharedRef source, string fence, CancellationToken cancellation) =>
        await around.Cloud.Stores.DescribeSharedAsync(source, places.Identity, cancellation) is var seen && (seen.Fence ?? seen.RisingFence) == fence
            ? seen
            : throw Changed();

    public async Task DemandNotServedAsync(StorePlaces places, CancellationToken cancellation)
    {
        if (await marks.ServedAsync(places.Target, cancellation) is not null)
        {
            throw new RefusedActException("AlreadyServed", "readers are on the target: copying would put old data over new");
        }
    }

    /// <summary>From where to where, as the spec says at this moment.</summary>
    public async Task<(StorePlaces Places, SharedRef Source)> MoveAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var address = new ObjectKey(store.Metadata.Namespace ?? "", store.Spec.KeyRef?.Name ?? "");
        var key = await around.Kube.Api<TenantEncryptionKey>().TryGetAsync(address, cancellation);
        var places = StorePlaces.Of(store, key is null ? null : around.Cluster.Standing(key), around.Cluster);
        return (places, places.Shared ?? throw new RefusedActException("SpecChanged", "the spec names no shared place"));
    }
}
