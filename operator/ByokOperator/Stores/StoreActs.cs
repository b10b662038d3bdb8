using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.NextBuckets;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Returning;
using Kube.Core;
using Kube.Runtime.LeaderElection;
using Kube.Runtime.Events;

namespace ByokOperator.Stores;

/// <summary>Sends each act of a store to who performs it.
/// A destructive one asks first whether we lead at this moment (law 10).</summary>
internal sealed class StoreActs
{
    private readonly OperatorContext around;
    private readonly LeadershipFence leadership;
    private readonly ReportActs reports;
    private readonly TargetActs target;
    private readonly BindingActs bindings;
    private readonly MigrationActs migration;
    private readonly KeyChangeActs keyChange;
    private readonly ReturnActs goingBack;
    private readonly NextActs next;
    private readonly AuthorityGate authority;
    private readonly FinalizerWriter<EncryptedStore> finalizer;
    private readonly StoreClocks clocks;
    private readonly ReturnGate returns;

    public StoreActs(
        OperatorContext around, KeySnapshotCache board, ReportActs reports, LeadershipFence leadership)
    {
        var gate = new KeyProofGuard(around, new KeyRecords(around), board);
        var marks = new StoreMarks(around.Cloud.Objects, around.Cloud.Stores);
        (this.around, this.leadership, this.reports) = (around, leadership, reports);
        target = new TargetActs(around, gate, marks);
        bindings = new BindingActs(around, gate);
        migration = new MigrationActs(around, marks, gate, bindings, leadership);
        keyChange = new KeyChangeActs(around, gate, marks, leadership);
        goingBack = new ReturnActs(around, gate, target, leadership);
        next = new NextActs(around, gate, marks, leadership);
        authority = new AuthorityGate(around);
        finalizer = new FinalizerWriter<EncryptedStore>(around.Kube.Api<EncryptedStore>(), Labels.Finalizer);
        clocks = new StoreClocks(around);
        returns = new ReturnGate(around);
    }

    public async Task<StoreWorld?> PerformAsync(
        EncryptedStore store, StoreWorld world, Act act, CancellationToken cancellation)
    {
        if (!ClosesOrLetsGo(act) && !KeepsClock(act))
        {
            await DemandWantedAsync(store, cancellation);
        }

        if (StorePlan.Begins(world, act))
        {
            await authority.DemandAsync(store, cancellation);
        }

        if (act.IsDestructive)
        {
            leadership.ThrowIfLost();
        }

        return await ClimbAsync(store, world, act, cancellation);
    }

    /// <summary>A report that an earlier leader wrote and may not have sent.</summary>
    public Task RetellAsync(EncryptedStore store, StoreWorld world, CancellationToken cancellation) =>
        reports.RetellAsync(store, world, cancellation);

    public void Forget(ObjectKey store) => reports.Forget(store);

    /// <summary>What a new store needs, one after the other, is done on one look;
    /// after everything else the world is looked at again.</summary>
    private async Task<StoreWorld?> ClimbAsync(
        EncryptedStore store, StoreWorld world, Act act, CancellationToken cancellation)
    {
        switch (act)
        {
            case StoreAct.Claim:
                return await ClaimAsync(store, cancellation) ? world with { IsClaimed = true } : null;
            case StoreAct.PinKey pin:
                var standing = await target.PinAsync(store, pin.Pin, cancellation);
                return standing.IsSameKeyAs(pin.Pin) ? world with { Pin = Fact.Seen<KeyPin?>(standing) } : null;
            case StoreAct.RestoreGrant restore:
                await target.RestoreGrantAsync(store, restore.While, cancellation);
                return world with { IsGranted = Fact.Seen(true) };
            case StoreAct.AllowTarget allow:
                await target.AllowAsync(store, allow.While, cancellation);

                // What was looked at through the denial is not known: only a new look tells.
                return world.Migration is not null ? null : world with
                {
                    Target = world.Target.Select(target => target with { IsDenied = false, SettlesAt = null }),
                };
            case StoreAct.Bind bind:
                await bindings.BindAsync(store, bind.Binding, null, bind.While, cancellation);
                return world with { Binding = Fact.Seen<BindingFacts?>(new BindingFacts(bind.Binding, null)) };
            case StoreAct.StartUnseenClock start:
                return world with { UnseenOnRecord = await clocks.StartUnseenAsync(store, start.Since, cancellation) };
            case StoreAct.StopUnseenClock stop:
                return world with { UnseenOnRecord = await clocks.StopUnseenAsync(store, stop.Since, cancellation) };
            case StoreAct.NoteClosed note:
                return world with { Closure = await clocks.NoteClosedAsync(store, note.At, cancellation) };
            case StoreAct.NoteReopened note:
                return world with { Closure = await clocks.NoteReopenedAsync(store, note, cancellation) };
            case StoreAct.WriteReport report:
                return await reports.WriteAsync(store, world, report.Answers, cancellation) is { } written
                    ? world with { Report = Fact.Seen<ReportFacts?>(written) }
                    : null;
            default:
                await DoAsync(store, act, cancellation);
                return null;
        }
    }

    private Task DoAsync(EncryptedStore store, Act act, CancellationToken cancellation)
    {
        return act switch
        {
            KeyChangeAct change => keyChange.PerformAsync(store, change, cancellation),
            ReturnAct back => goingBack.PerformAsync(store, back, cancellation),
            NextAct onward => next.PerformAsync(store, onward, cancellation),
            MigrationAct move => migration.PerformAsync(store, move, cancellation),
            StoreAct.Release => ReleaseAsync(store, cancellation),
            StoreAct.Adopt adopt => target.AdoptAsync(store, adopt.Origin, cancellation),
            StoreAct.PrepareTarget => target.PrepareAsync(store, cancellation),
            StoreAct.RevokeGrant => target.RevokeGrantAsync(store, cancellation),
            StoreAct.DenyTarget => target.DenyAsync(store, cancellation),
            StoreAct.DenyOther => next.DenyAsync(store, cancellation),
            StoreAct.ResumeWorkloads => ResumeAsync(store, cancellation),
            StoreAct.SuspendWorkloads => bindings.SuspendAsync(store, cancellation),
            StoreAct.Point => bindings.PointAsync(store, cancellation),
            StoreAct.RemoveBinding => bindings.RemoveAsync(store, cancellation),
            StoreAct.StopCopies => migration.StopCopiesAsync(store, cancellation),
            StoreAct.RecordRetention => target.RetainAsync(store, cancellation),
            StoreAct.EndRecord => EndRecordAsync(store, cancellation),
            StoreAct.EmptyTarget => target.EmptyAsync(store, leadership.ThrowIfLost, cancellation),
            StoreAct.DeleteTarget => target.DeleteAsync(store, cancellation),
            _ => throw new UnreachableException(act.GetType().Name),
        };
    }

    /// <summary>Shuts a way in.</summary>
    public static bool Closes(Act act) => act is StoreAct.DenyTarget or StoreAct.DenyOther or StoreAct.RemoveBinding
        or StoreAct.StopCopies or StoreAct.SuspendWorkloads or StoreAct.RevokeGrant;

    /// <summary>Writes down since when, and nothing else: whatever becomes of the object.</summary>
    private static bool KeepsClock(Act act) =>
        act is StoreAct.StartUnseenClock or StoreAct.StopUnseenClock or StoreAct.NoteClosed or StoreAct.NoteReopened;

    private static bool ClosesOrLetsGo(Act act) =>
        Closes(act) || act is StoreAct.Release or StoreAct.ResumeWorkloads or StoreAct.RecordRetention
            or StoreAct.EndRecord or StoreAct.EmptyTarget or StoreAct.DeleteTarget or MigrationAct.LiftFence
            || act is ReturnAct { LetsGo: true } or NextAct { LetsGo: true };

    /// <summary>
    /// What only a wanted store needs is not done for one that is gone, being deleted, or another of that name: but for
    /// one whose data goes back before it goes itself.
    /// </summary>
    private async Task DemandWantedAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var live = await around.Kube.Api<PartialObject<EncryptedStore>>().TryGetAsync(store.Metadata.Key, cancellation);
        if (live is null || live.Metadata.Uid != store.Metadata.Uid
            || (live.Metadata.DeletionTimestamp is not null && !await returns.GoesBackAsync(store, cancellation)))
        {
            throw new RefusedActException("NotWanted", "the store is gone or being deleted");
        }
    }

    private async Task EndRecordAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var live = await around.Kube.Api<PartialObject<EncryptedStore>>().TryGetAsync(store.Metadata.Key, cancellation);
        if (live?.Metadata.Uid == store.Metadata.Uid)
        {
            throw new RefusedActException("StoreStands", "the store's object stands");
        }

        await target.ForgetAsync(store, await authority.IsReleasedAsync(store, cancellation), cancellation);
    }

    private async Task<bool> ClaimAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var claimed = await finalizer.AddAsync(store, cancellation);
        Saw(claimed);
        return claimed is not null && Finalizers.Has(claimed.Metadata, Labels.Finalizer);
    }

    private async Task ReleaseAsync(EncryptedStore store, CancellationToken cancellation)
    {
        Saw(await finalizer.RemoveAsync(store, cancellation));
        if (around.Cluster.RecordOf(store).Trusted is not { Grants.Count: > 0 })
        {
            // A grant that was left in a hurry is taken from the record.
            await target.ForgetAsync(store, isReleased: false, cancellation);
        }
    }

    private async Task ResumeAsync(EncryptedStore store, CancellationToken cancellation)
    {
        await target.DemandIfPinnedAsync(store, cancellation);
        await bindings.ResumeAsync(store, cancellation);
    }

    private void Saw(EncryptedStore? written)
    {
        if (written is not null)
        {
            around.Writes.Wrote(written);
        }
    }
}
