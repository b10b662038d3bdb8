using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Cloud.Stores;
using Kube.Core;
using Kube.Runtime.LeaderElection;

namespace ByokOperator.Migrations;

/// <summary>The write fence: raised, given up when its time is over, lifted at the end;
/// and what other acts demand of it.</summary>
internal sealed class FenceActs(
    OperatorContext around, StoreMarks marks, KeyProofGuard gate, BindingActs bindings, LeadershipFence leadership)
{
    private readonly StoreRecords records = new(around);

    private readonly ReturnGate returns = new(around);
    private readonly NextGate next = new(around);

    public async Task RaiseAsync(EncryptedStore store, MigrationAct.RaiseFence raise, CancellationToken cancellation)
    {
        var route = await RouteAsync(store, raise, cancellation);
        if (!IsOpen(store) && !await IsServedAsync(route, cancellation))
        {
            throw Closed(); // once readers were switched, a fence is raised at any time
        }

        await around.Cloud.Stores.RaiseFenceAsync(route.Source, route.Places.Identity, cancellation);
    }

    public async Task QuiesceAsync(
        EncryptedStore store, MigrationAct.QuiesceWorkloads quiesce, CancellationToken cancellation)
    {
        DemandOpen(store);
        if (quiesce.IsReturn || quiesce.IsNext)
        {
            await RouteAsync(store, quiesce, cancellation);
        }

        await bindings.SuspendAsync(store, cancellation);
    }

    public async Task LiftAsync(EncryptedStore store, MigrationAct.LiftFence lift, CancellationToken cancellation)
    {
        var route = await RouteAsync(store, lift, cancellation);
        await DemandAnyAsync(route, lift.Token, cancellation);
        await LiftAsync(route, cancellation);
    }

    /// <summary>What was written ahead of a switch that is not on record goes first: once writers are let in again,
    /// nobody may take the copy for what readers were on last.</summary>
    private async Task LiftAsync(MoveRoute route, CancellationToken cancellation)
    {
        leadership.ThrowIfLost();
        if (route is { Next.IsLeft: false, Onward: { } onward }
            && await around.Cloud.Stores.OwnershipAsync(onward.Spec(versioned: false), cancellation)
                == StoreOwnership.Ours)
        {
            await marks.UnserveAsync(route.Marks, cancellation);
            leadership.ThrowIfLost();
        }

        await around.Cloud.Stores.LiftFenceAsync(route.Source, route.Places.Identity, cancellation);
    }

    /// <summary>Recorded ahead: a fence whose lifting was interrupted is lifted on,
    /// and not raised at once by whoever comes next.</summary>
    public async Task GiveUpAsync(EncryptedStore store, MigrationAct.GiveUpFence give, CancellationToken cancellation)
    {
        var route = await RouteAsync(store, give, cancellation);
        var (seen, now) = (await DemandAnyAsync(route, give.Token, cancellation), around.Time.GetUtcNow());
        if (MaintenanceCalendar.IsOpen(store, now)
            && FenceBound.IsInTime(seen.FencedSince, FenceBound.TimeoutOf(store), now))
        {
            throw new RefusedActException("FenceInTime",
                "the write fence has not stood for spec.migration.fenceTimeout, and no maintenance window has ended");
        }

        await DemandNotServedAsync(route, cancellation);
        if ((await marks.ReceiptAsync(route.Marks, route.ReceiptName, cancellation))?.Facts is { } receipt
            && receipt.Fence == give.Token && receipt.Scope == route.Scope(store))
        {
            throw new RefusedActException("ReceiptStands", "a receipt names this fence: the delta is done");
        }

        leadership.ThrowIfLost();
        await NoteAsync(store, now, cancellation);
        await LiftAsync(route, cancellation);
    }

    public async Task ReleaseAsync(
        EncryptedStore store, MigrationAct.ReleaseWorkloads release, CancellationToken cancellation)
    {
        var route = await RouteAsync(store, release, cancellation);
        if (await around.Cloud.Stores.DescribeSharedAsync(route.Source, route.Places.Identity,
            cancellation) is { Fence: not null } or { RisingFence: not null })
        {
            throw new RefusedActException("FenceStands", "a write fence stands: what was held still for it stays so");
        }

        await gate.DemandConfirmedAsync(store, cancellation);
        await gate.DemandAsync(store, pin: null, cancellation);
        leadership.ThrowIfLost();
        await bindings.ResumeAsync(store, cancellation);
    }

    /// <summary>Nothing and nobody is held up, and nothing verified, once the window has ended.</summary>
    public void DemandOpen(EncryptedStore store)
    {
        if (!IsOpen(store))
        {
            throw Closed();
        }
    }

    private static RefusedActException Changed() =>
        new("FenceChanged", "the write fence is not the one this was decided behind");

    private static RefusedActException Closed() => new("WindowNotOpen", "none of spec.maintenanceWindows is open");

    private bool IsOpen(EncryptedStore store) => MaintenanceCalendar.IsOpen(store, around.Time.GetUtcNow());

    /// <summary>A record that can't be written holds no writer back: as long as it can't be read,
    /// no fence is raised.</summary>
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

    /// <returns>The source as it was seen with that fence.</returns>
    public async Task<SharedDescription> DemandAsync(MoveRoute route, string fence, CancellationToken cancellation) =>
        await around.Cloud.Stores.DescribeSharedAsync(route.Source, route.Places.Identity, cancellation) is var seen
            && seen.Fence == fence
            ? seen
            : throw Changed();

    /// <summary>Who lifts it asks no more than that it is the one that was seen, however far it got.</summary>
    private async Task<SharedDescription> DemandAnyAsync(
        MoveRoute route, string fence, CancellationToken cancellation) =>
        await around.Cloud.Stores.DescribeSharedAsync(route.Source, route.Places.Identity, cancellation) is var seen
            && (seen.Fence ?? seen.RisingFence) == fence
            ? seen
            : throw Changed();

    public async Task DemandNotServedAsync(MoveRoute route, CancellationToken cancellation)
    {
        if (await IsServedAsync(route, cancellation))
        {
            throw new RefusedActException("AlreadyServed",
                "readers are on the target: copying would put old data over new");
        }
    }

    /// <summary>From where to where, as spec and record say at this moment. Up to the switch a return goes on only by
    /// consent, and while nobody but us writes where it goes.</summary>
    public async Task<MoveRoute> RouteAsync(EncryptedStore store, MigrationAct act, CancellationToken cancellation)
    {
        if (act.IsNext)
        {
            return await next.RouteAsync(store, act.LeadsOn, cancellation);
        }

        var key = await around.Kube.Api<TenantEncryptionKey>().TryGetAsync(store.KeyAddress, cancellation);
        var places = StorePlaces.Of(store, key is null ? null : around.Cluster.Standing(key), around.Cluster);
        var shared = places.Shared ?? throw new RefusedActException("SpecChanged", "the spec names no shared place");
        return act.IsReturn
            ? await returns.RouteAsync(store, (places, shared), act.LeadsOn, cancellation)
            : MoveRoute.Into(places, shared);
    }

    private async Task<bool> IsServedAsync(MoveRoute route, CancellationToken cancellation) =>
        route is { Return: null, Next: null } ? await marks.ServedAsync(route.Marks, cancellation) is not null
            : route.IsServed;
}
