using System.Diagnostics;
using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Reconciling;
using Kube.Core;
using Kube.Runtime.Leading;
using Kube.Runtime.Speaking;

namespace ByokOperator.Stores;

/// <summary>Sends each act of a store to who performs it. A destructive one asks first whether we lead at this moment (law 10).</summary>
internal sealed class StoreActs(StoreHands hands, Surroundings around, LeadershipFence leadership)
{
    private readonly FinalizerWriter<EncryptedStore> finalizer = new(around.Kube.Api<EncryptedStore>(), Labels.Finalizer);

    public async Task PerformAsync(EncryptedStore store, Act act, CancellationToken cancellation)
    {
        if (!ClosesOrLetsGo(act))
        {
            await DemandWantedAsync(store, cancellation);
        }

        if (act.IsDestructive)
        {
            leadership.ThrowIfLost();
        }

        await DoAsync(store, act, cancellation);
    }

    private Task DoAsync(EncryptedStore store, Act act, CancellationToken cancellation)
    {
        return act switch
        {
            MigrationAct move => hands.Migration.PerformAsync(store, move, cancellation),
            StoreAct.Claim => ClaimAsync(store, cancellation),
            StoreAct.Release => ReleaseAsync(store, cancellation),
            StoreAct.PrepareTarget => hands.Target.PrepareAsync(store, cancellation),
            StoreAct.PinKey pin => hands.Target.PinAsync(store, pin.Pin, cancellation),
            StoreAct.RestoreGrant restore => hands.Target.RestoreGrantAsync(store, restore.While, cancellation),
            StoreAct.RevokeGrant => hands.Target.RevokeGrantAsync(store, cancellation),
            StoreAct.AllowTarget allow => hands.Target.AllowAsync(store, allow.While, cancellation),
            StoreAct.DenyTarget => hands.Target.DenyAsync(store, cancellation),
            StoreAct.ResumeWorkloads => ResumeAsync(store, cancellation),
            StoreAct.SuspendWorkloads => hands.Bindings.SuspendAsync(store, cancellation),
            StoreAct.Bind bind => hands.Bindings.BindAsync(store, bind.Binding, null, bind.While, cancellation),
            StoreAct.RemoveBinding => hands.Bindings.RemoveAsync(store, cancellation),
            StoreAct.StopCopies => hands.Migration.StopCopiesAsync(store, cancellation),
            StoreAct.WriteReport report => hands.Reports.WriteAsync(store, report.Answers, cancellation),
            StoreAct.RecordRetention => RecordRetentionAsync(store, cancellation),
            StoreAct.EmptyTarget => hands.Target.EmptyAsync(store, leadership.ThrowIfLost, cancellation),
            StoreAct.DeleteTarget => hands.Target.DeleteAsync(store, cancellation),
            _ => throw new UnreachableException(act.GetType().Name),
        };
    }

    private static bool ClosesOrLetsGo(Act act) => act is StoreAct.Release or StoreAct.DenyTarget or StoreAct.RemoveBinding
        or StoreAct.StopCopies or StoreAct.SuspendWorkloads or StoreAct.ResumeWorkloads or StoreAct.RevokeGrant
        or StoreAct.RecordRetention or StoreAct.EmptyTarget or StoreAct.DeleteTarget or MigrationAct.LiftFence;

    /// <summary>What only a wanted store needs is not done for one that is gone, being deleted, or another of that name.</summary>
    private async Task DemandWantedAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var live = await around.Kube.Api<PartialObject<EncryptedStore>>().TryGetAsync(store.Metadata.Key, cancellation);
        if (live is null || live.Metadata.Uid != store.Metadata.Uid || live.Metadata.DeletionTimestamp is not null)
        {
            throw new RefusedActException("NotWanted", "the store is gone or being deleted");
        }
    }

    private async Task ClaimAsync(EncryptedStore store, CancellationToken cancellation) => Saw(await finalizer.AddAsync(store, cancellation));

    private async Task ReleaseAsync(EncryptedStore store, CancellationToken cancellation) => Saw(await finalizer.RemoveAsync(store, cancellation));

    private async Task ResumeAsync(EncryptedStore store, CancellationToken cancellation)
    {
        await hands.Target.DemandIfPinnedAsync(store, cancellation);
        await hands.Bindings.ResumeAsync(store, cancellation);
    }

    private async Task RecordRetentionAsync(EncryptedStore store, CancellationToken cancellation)
    {
        var address = new ObjectKey(store.Metadata.Namespace ?? "", store.Spec.KeyRef?.Name ?? "");
        if (await around.Kube.Api<TenantEncryptionKey>().TryGetAsync(address, cancellation) is { } key)
        {
            await hands.Records.AddAsync(key, CanaryMap.RetainedEntry(StoreNames.Bucket(store)), $"{store.Spec.Aws?.Region} {store.Metadata.Uid}", cancellation);
        }
    }

    private void Saw(EncryptedStore? written)
    {
        if (written is not null)
        {
            around.Writes.Wrote(written);
        }
    }
}
