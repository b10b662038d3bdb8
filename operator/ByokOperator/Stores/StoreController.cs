using System.Collections.Concurrent;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Notifications;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Kube.Core;
using Kube.Runtime.Events;

namespace ByokOperator.Stores;

/// <summary>Wires a store's observer and acts into the reconcile step, and shows the outcome.</summary>
internal sealed class StoreController(
    OperatorContext around, StoreObserver observer, StoreActs acts, StoreCensuses censuses, Publisher publisher)
    : IWorkplace<EncryptedStore, StoreWorld>
{
    /// <summary>Progress is for people: while copies run it is looked up this often, whatever else happens.</summary>
    private static readonly TimeSpan progressRecheck = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan longestClosingAct = TimeSpan.FromSeconds(30);

    private readonly StatusWriter<EncryptedStore> status =
        around.Older.Writer(around.Kube.Api<EncryptedStore>(), around.Time);
    private readonly Unreadables<EncryptedStore> unreadable = new(around.Cluster.Stores, publisher.Events);
    private readonly EventDeduplicator deduplicator = new();
    private readonly StoreMetrics metrics = new(around.Time);
    private readonly UnderWay underWay = new(around.Time);
    private readonly ConcurrentDictionary<ObjectKey, string> waiting = new();

    public async Task<EncryptedStore?> FindAsync(ObjectKey key, CancellationToken cancellation)
    {
        await around.Cluster.Records.MacKey.EnsureAsync(around.Kube, cancellation);
        await around.CatchUpAsync(() => Behind(key), cancellation);
        var known = around.Cluster.FindStore(key);
        unreadable.Tell(key, isFollowed: known is not null);
        if (known is { } found)
        {
            return found;
        }

        if (await unreadable.ShowAsync(status, key, WithStatus, cancellation))
        {
            return null;
        }

        if (around.Cluster.Inventory.StoreAt(key) is { } left)
        {
            return left;
        }

        around.Left.Forget(key);
        waiting.TryRemove(key, out _);
        status.Forget(key);
        deduplicator.Forget(key);
        metrics.Forget(key);
        publisher.Notifications.Forget(EncryptedStore.Kind.Kind, key);
        censuses.Forget(key);
        acts.Forget(key);
        observer.Forget(key);
        around.Children.Forget(key);
        return null;
    }

    /// <summary>
    /// Before this process has judged the key, a look could decide nothing, and would tell everybody after each restart
    /// that it does not know. The judgement wakes the store, and so does the end of maxStaleness; whatever else wakes
    /// it in the same state looks without waiting again.
    /// </summary>
    public TimeSpan? Postpones(EncryptedStore subject)
    {
        var address = around.Cluster.Inventory.AddressOf(subject);
        if (observer.Awaits(subject) is { } awaited && waiting.GetValueOrDefault(address) != awaited.For)
        {
            waiting[address] = awaited.For;
            return awaited.AtMost;
        }

        waiting.TryRemove(address, out _);
        return null;
    }

    public async Task<StoreWorld> LookAsync(EncryptedStore subject, CancellationToken cancellation)
    {
        var address = around.Cluster.Inventory.AddressOf(subject);
        metrics.Meet(address, subject.Status?.Migration);
        var look = await underWay.RunAsync(address, token => observer.LookAsync(subject, token), cancellation);
        return look.World with { Look = look };
    }

    /// <summary>Nobody else goes by a store.</summary>
    public void Publish(EncryptedStore subject, StoreWorld world)
    {
    }

    public Task<StoreWorld> LookOnAsync(EncryptedStore subject, StoreWorld world, CancellationToken cancellation) =>
        Task.FromResult(world);

    /// <summary>Its key was revoked: whatever is under way for it comes to an end.</summary>
    public void CutShort(ObjectKey store) => underWay.CutShort(store);

    public StoreWorld Unseen(EncryptedStore subject, Exception failure)
    {
        around.FactReader.Missed(failure, LookMetrics.OfStore, "a store");
        return observer.Unseen(subject);
    }

    public static Plan<StoreWorld> Choose(StoreWorld world)
    {
        var plan = StorePlan.Choose(world);
        IEnumerable<CopyFacts?> runs = [.. world.Migration?.Copies.ForDisplay() ?? [],
            .. world.Return?.Move?.Copies.ForDisplay() ?? [], .. world.Next?.Move?.Copies.ForDisplay() ?? [],
            world.Change?.Reencryption.Run.ForDisplay()];
        return runs.Any(run => run?.Outcome == JobOutcome.Running)
            && (plan.LookAgainWithin is not { } within || within > progressRecheck)
            ? plan with { LookAgainWithin = progressRecheck }
            : plan;
    }

    /// <summary>What closes and hangs ends long before the reconcile does, so that it is told of and tried again; all
    /// else once there is something to close.</summary>
    public async Task<StoreWorld?> PerformAsync(
        EncryptedStore subject, StoreWorld world, Act act, CancellationToken cancellation)
    {
        if (!StoreActs.Closes(act))
        {
            return await underWay.RunAsync(around.Cluster.Inventory.AddressOf(subject),
                token => acts.PerformAsync(around.Cluster.Standing(subject), world, act, token), cancellation);
        }

        using var deadline = new CancellationTokenSource(longestClosingAct, around.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        return await acts.PerformAsync(around.Cluster.Standing(subject), world, act, either.Token);
    }

    public async Task ReportAsync(
        EncryptedStore subject, StoreWorld world, Plan<StoreWorld> plan, IReadOnlyList<ActFailure> failures,
        CancellationToken cancellation)
    {
        var isServing = plan.Name is StorePlan.Wanted or StorePlan.Pointer;
        var explain = plan.Name == StorePlan.Closing ? Failures.ExplainClosing
            : (Func<Exception, FailureText>)Failures.Explain;
        var rungs = HoldUp.Told(plan, world, StatusReport.Rungs(plan, world, failures, explain));
        var conditions = StatusReport.Conditions(plan, rungs, isServing, subject.Metadata.Generation ?? 0);
        var heldUp = HoldUp.Of(plan, rungs);
        var next = StoreStatusReport.Of(around.Cluster.Standing(subject), world, plan, conditions,
            censuses.Find(subject.Metadata.Key));
        metrics.Put(around.Cluster.Inventory.AddressOf(subject), StoreReading.Of(world, next, heldUp, plan.Steps));
        if (subject.IsRecordedOnly)
        {
            around.Left.Tell(around.Cluster.Inventory.AddressOf(subject), RecordOwner.Of(subject.Metadata),
                conditions[0]);
            publisher.Notifications.Tell(StoreNotifications.Of(subject, world, next, heldUp));
            return;
        }

        deduplicator.Tell(
            publisher.Events, subject, conditions, next.Availability ?? "",
            isWarning: next.Availability is StoreVerdict.Closing or StoreVerdict.Closed or StoreVerdict.Paused);
        if (!world.IsDeleting || world.IsClaimed)
        {
            publisher.Notifications.Tell(StoreNotifications.Of(subject, world, next, heldUp));
            next = next with { Conditions = unreadable.Over(subject.Metadata.Key, conditions) };
            await unreadable.WriteAsync(status, subject with { Status = next }, subject, cancellation);
            await acts.RetellAsync(subject, world, cancellation);
        }
    }

    private static EncryptedStore WithStatus(ObjectMeta metadata, IReadOnlyList<Condition> conditions) =>
        new()
        {
            Metadata = metadata,
            Status = new() { ObservedGeneration = metadata.Generation, Conditions = conditions },
        };

    private bool Behind(ObjectKey key) =>
        around.Writes.Behind(around.Cluster.Stores, key) is not null
        || (around.Cluster.Stores.Find(key) ?? around.Cluster.Inventory.StoreAt(key))?.Metadata is var owner
            && (around.Cluster.IsRecordBehind<StoreRecord>(around.Writes, owner)
                || around.Cluster.IsRecordBehind<WorkloadRecord>(around.Writes, owner));
}
