using System.Collections.Concurrent;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using Kube.Core;
using Kube.Runtime.Events;

namespace ByokOperator.Tenants;

/// <summary>Shows the platform what became of its word. Nothing is done for a Tenant itself.</summary>
internal sealed class TenantController(OperatorContext around, EventRecorder events) : IWorkplace<Tenant, TenantWorld>
{
    /// <summary>A thousand stores that open one after the other are counted once in a while,
    /// not a thousand times.</summary>
    private static readonly TimeSpan countedAtMost = TimeSpan.FromSeconds(2);

    private readonly TenantObserver observer = new(around);
    private readonly StatusWriter<Tenant> status = around.Older.Writer(around.Kube.Api<Tenant>(), around.Time);
    private readonly Unreadables<Tenant> unreadable = new(around.Cluster.Tenants.Watch, events);
    private readonly EventDeduplicator deduplicator = new();
    private readonly ConcurrentDictionary<ObjectKey, (long? Generation, DateTimeOffset At)> counted = new();

    public async Task<Tenant?> FindAsync(ObjectKey key, CancellationToken cancellation)
    {
        var known = around.Cluster.Tenants.Watch.Find(key);
        unreadable.Tell(key, isFollowed: known is not null);
        if (known is null && !await unreadable.ShowAsync(status, key, WithStatus, cancellation))
        {
            status.Forget(key);
            deduplicator.Forget(key);
            counted.TryRemove(key, out _);
        }

        return known;
    }

    public TimeSpan? Postpones(Tenant subject) =>
        counted.TryGetValue(subject.Metadata.Key, out var last) && last.Generation == subject.Metadata.Generation
        && last.At + countedAtMost - around.Time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : null;

    public Task<TenantWorld> LookAsync(Tenant subject, CancellationToken cancellation) =>
        observer.LookAsync(subject, cancellation);

    /// <summary>What a Tenant gives, others ask its watch.</summary>
    public void Publish(Tenant subject, TenantWorld world)
    {
    }

    public Task<TenantWorld> LookOnAsync(Tenant subject, TenantWorld world, CancellationToken cancellation) =>
        Task.FromResult(world);

    public TenantWorld Unseen(Tenant subject, Exception failure)
    {
        around.FactReader.Missed(failure, LookMetrics.OfTenant, "a tenant");
        return TenantObserver.Near(subject);
    }

    /// <summary>No rung of a Tenant proposes anything.</summary>
    public Task<TenantWorld?> PerformAsync(
        Tenant subject, TenantWorld world, Act act, CancellationToken cancellation) =>
        throw new System.Diagnostics.UnreachableException(act.GetType().Name);

    public async Task ReportAsync(
        Tenant subject, TenantWorld world, Plan<TenantWorld> plan, IReadOnlyList<ActFailure> failures,
        CancellationToken cancellation)
    {
        counted[subject.Metadata.Key] = (subject.Metadata.Generation, around.Time.GetUtcNow());
        var conditions = StatusReport.Conditions(plan, world, isServing: true, subject.Metadata.Generation ?? 0,
            failures, Failures.Explain);
        deduplicator.Tell(events, subject, conditions, "", isWarning: false);
        var next =
            TenantStatusReport.Of(subject, around.Cluster.Tenants, unreadable.Over(subject.Metadata.Key, conditions));
        await unreadable.WriteAsync(status, subject with { Status = next }, subject, cancellation);
    }

    private static Tenant WithStatus(ObjectMeta metadata, IReadOnlyList<Condition> conditions) =>
        new()
        {
            Metadata = metadata,
            Status = new() { ObservedGeneration = metadata.Generation, Conditions = conditions },
        };
}
