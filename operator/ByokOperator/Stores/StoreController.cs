using System.Collections.Concurrent;
using ByokOperator.Api;
using ByokOperator.Hosting;
using ByokOperator.Migrations;
using ByokOperator.Notices;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Kube.Core;
using Kube.Runtime.Speaking;

namespace ByokOperator.Stores;

/// <summary>Wires a store's observer and acts into the reconcile step, and shows the outcome.</summary>
internal sealed class StoreController(Surroundings around, StoreObserver observer, StoreActs acts, StoreCensuses censuses, Voice voice)
    : IWorkplace<EncryptedStore, StoreWorld>
{
    /// <summary>Progress is for people: while copies run it is looked up this often, whatever else happens.</summary>
    private static readonly TimeSpan progressRecheck = TimeSpan.FromSeconds(10);

    private readonly StatusWriter<EncryptedStore> status = new(around.Kube.Api<EncryptedStore>(), Children.FieldManager, around.Time);
    private readonly Spoken spoken = new();
    private readonly ConcurrentDictionary<ObjectKey, string> waiting = new();

    public async Task<EncryptedStore?> FindAsync(ObjectKey key, CancellationToken cancellation)
    {
        await around.Cluster.Records.Seal.EnsureAsync(around.Kube, cancellation);
        await around.CatchUpAsync(() => Behind(key), cancellation);
        if (around.Cluster.Stores.Find(key) is { } found)
        {
            return Waits(found) ? null : found;
        }

        waiting.TryRemove(key, out _);
        status.Forget(key);
        spoken.Forget(key);
        voice.Notices.Forget(EncryptedStore.Kind.Kind, key);
        censuses.Forget(key);
        observer.Forget(key);
        return null;
    }

    public async Task<StoreWorld> LookAsync(EncryptedStore subject, CancellationToken cancellation)
    {
        var sight = await observer.LookAsync(subject, cancellation);
        return sight.World with { Sight = sight };
    }

    public static Plan<StoreWorld> Choose(StoreWorld world)
    {
        var plan = StorePlan.Choose(world);
        var copies = world.Migration?.Copies.ForDisplay() ?? [];
        return copies.Any(copy => copy.Outcome == JobOutcome.Running) && (plan.LookAgainWithin is not { } within || within > progressRecheck)
            ? plan with { LookAgainWithin = progressRecheck }
            : plan;
    }

    public Task<StoreWorld?> PerformAsync(EncryptedStore subject, StoreWorld world, Act act, CancellationToken cancellation) =>
        acts.PerformAsync(around.Cluster.Standing(subject), world, act, cancellation);

    public async Task ReportAsync(
        EncryptedStore subject, StoreWorld world, Plan<StoreWorld> plan, IReadOnlyList<ActFailure> failures, CancellationToken cancellation)
    {
        var isServing = plan.Name == StorePlan.Wanted;
        var conditions = StatusReport.Conditions(plan, world, isServing, subject.Metadata.Generation ?? 0, failures, Failures.Explain);
        spoken.Tell(voice.Events, subject, conditions[0]);
        if (!world.IsDeleting || world.IsClaimed)
        {
            var next = StoreStatusReport.Of(around.Cluster.Standing(subject), world, plan, conditions, censuses.Find(subject.Metadata.Key));
            voice.Notices.Tell(StoreNotices.Of(subject, world, next));
            await StatusWrites.TryAsync(status, subject with { Status = next }, subject, cancellation);
        }
    }

    /// <summary>
    /// Before this process has judged the key, a look could decide nothing, and would tell everybody after each restart that it
    /// does not know. The judgement wakes the store; whatever else wakes it in the same state looks without waiting again.
    /// </summary>
    private bool Waits(EncryptedStore store)
    {
        if (observer.AwaitedOfKey(store) is { } awaited && waiting.GetValueOrDefault(store.Metadata.Key) != awaited)
        {
            waiting[store.Metadata.Key] = awaited;
            return true;
        }

        waiting.TryRemove(store.Metadata.Key, out _);
        return false;
    }

    private bool Behind(ObjectKey key) =>
        around.Writes.Behind(around.Cluster.Stores, key) is not null
        || around.Writes.Behind(around.Cluster.Bindings, new ObjectKey(key.Namespace, StoreNames.BindingOf(key.Name))) is not null
        || around.Writes.Behind(around.Cluster.Documents, new ObjectKey(key.Namespace, StoreNames.ReportOf(key.Name))) is not null
        || around.Cluster.IsRecordBehind<StoreRecord>(around.Writes, around.Cluster.Stores.Find(key)?.Metadata);
}
