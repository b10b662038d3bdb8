using System.Collections.Concurrent;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Notifications;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Cloud.Keys;
using Kube.Core;
using Kube.Runtime.Events;

namespace ByokOperator.Keys;

/// <summary>Wires a key's observer and acts into the reconcile step, and shows the outcome.</summary>
internal sealed class KeyController(
    OperatorContext around, KeyObserver observer, KeyActs acts, KeySnapshotCache board, Publisher publisher)
    : IWorkplace<TenantEncryptionKey, KeyWorld>
{
    private readonly StatusWriter<TenantEncryptionKey> status =
        around.Older.Writer(around.Kube.Api<TenantEncryptionKey>(), around.Time);
    private readonly Unreadables<TenantEncryptionKey> unreadable = new(around.Cluster.Keys, publisher.Events);
    private readonly EventDeduplicator deduplicator = new();
    private readonly EventDeduplicator warned = new();
    private readonly EventDeduplicator rotated = new();
    private readonly KeyMetrics metrics = new(around.Time);
    private readonly ConcurrentDictionary<ObjectKey, string> uploads = new();
    private readonly ProbeRound round = new(around);

    public async Task<TenantEncryptionKey?> FindAsync(ObjectKey key, CancellationToken cancellation)
    {
        await around.Cluster.Records.MacKey.EnsureAsync(around.Kube, cancellation);
        await around.CatchUpAsync(() => Behind(key), cancellation);
        var known = around.Cluster.FindKey(key);
        unreadable.Tell(key, isFollowed: known is not null);
        if (known is { } found)
        {
            return found;
        }

        if (await unreadable.ShowAsync(status, key, WithStatus, cancellation))
        {
            return null;
        }

        if (around.Cluster.Inventory.KeyAt(key) is { } left)
        {
            return left;
        }

        around.Left.Forget(key);
        around.Cluster.Earlier.ForgetKey(key);
        board.Remove(key);
        status.Forget(key);
        deduplicator.Forget(key);
        warned.Forget(key);
        rotated.Forget(key);
        metrics.Forget(key);
        uploads.TryRemove(key, out _);
        publisher.Notifications.Forget(TenantEncryptionKey.Kind.Kind, key);
        return null;
    }

    /// <summary>A key is asked at each of its times.</summary>
    public TimeSpan? Postpones(TenantEncryptionKey subject) => null;

    public Task<KeyWorld> LookAsync(TenantEncryptionKey subject, CancellationToken cancellation) =>
        observer.LookAsync(subject, cancellation);

    /// <summary>The stores wait for the judgement, and for none of what a probe looks at beside it.</summary>
    public Task<KeyWorld> LookOnAsync(TenantEncryptionKey subject, KeyWorld world, CancellationToken cancellation) =>
        round.LookAsync(subject, world, cancellation);

    public KeyWorld Unseen(TenantEncryptionKey subject, Exception failure) =>
        observer.Unseen(subject, around.FactReader.Missed(failure, LookMetrics.OfKey, "a key")) is var world
            && world is { Regions: [], IsRevokedByTenant: false }
            ? world with { IsUntold = true }
            : world;

    public void Publish(TenantEncryptionKey subject, KeyWorld world)
    {
        if (world.IsUntold)
        {
            return;
        }

        var address = around.Cluster.Inventory.AddressOf(subject);
        if (world.IsHeldOff)
        {
            board.Remove(address); // nothing is known of it, and nothing is to be
            return;
        }

        board.Put(address, KeySnapshot.Of(world, board.Find(address)));
        if (world.Regions.SelectMany(region => region.Answer.ForDisplay()?.Evidence ?? []).ToList() is [_, ..] calls)
        {
            board.Prove(address, calls);
        }

        foreach (var store in world.Touched)
        {
            board.Stir(store);
        }
    }

    public Task<KeyWorld?> PerformAsync(
        TenantEncryptionKey subject, KeyWorld world, Act act, CancellationToken cancellation) =>
        acts.PerformAsync(subject, world, act, cancellation);

    public async Task ReportAsync(
        TenantEncryptionKey subject, KeyWorld world, Plan<KeyWorld> plan, IReadOnlyList<ActFailure> failures,
        CancellationToken cancellation)
    {
        var warning = MaterialExpiryWarning.Warning(world, subject.Metadata.Generation ?? 0);
        IReadOnlyList<Condition> conditions =
        [
            .. StatusReport.Conditions(plan, world, !world.IsDeleting, subject.Metadata.Generation ?? 0, failures,
                Failures.Explain),
            .. warning is null ? Array.Empty<Condition>() : [warning],
        ];
        var address = around.Cluster.Inventory.AddressOf(subject);
        var standing = board.Find(address);
        var next = KeyStatusReport.Of(subject, world, standing, conditions, around.Cluster.StoresOf(address));
        metrics.Put(address, KeyReading.Of(world, standing, next));
        if (subject.IsRecordedOnly)
        {
            Tell(subject, world, next);
            return;
        }

        deduplicator.Tell(publisher.Events, subject, conditions, next.Verdict ?? "",
            isWarning: next.Verdict == nameof(KeyVerdict.Revoked));
        warned.Warn(publisher.Events, subject, warning,
            Conditions.Find(subject.Status?.Conditions ?? [], MaterialExpiryWarning.Condition));
        rotated.Warn(publisher.Events, subject, Unconfirmed(conditions), Unconfirmed(subject.Status?.Conditions ?? []));
        if (!world.IsDeleting || world.IsClaimed)
        {
            publisher.Notifications.Tell(
                KeyNotifications.Of(subject, world, next, IsOtherUpload(subject.Metadata.Key, world)));
            await unreadable.WriteAsync(status,
                subject with { Status = next with { Conditions = unreadable.Over(subject.Metadata.Key, conditions) } },
                subject, cancellation);
        }
    }

    /// <summary>A rotation that only warns: one that stalls the key is told with its summary.</summary>
    private static Condition? Unconfirmed(IReadOnlyList<Condition> conditions) =>
        Conditions.Find(conditions, VersionWatch.Condition) is { Reason: VersionWatch.Followed } told
            ? told with { Type = told.Reason } : null;

    /// <summary>There is no status to write and no object for an Event.</summary>
    private void Tell(TenantEncryptionKey left, KeyWorld world, TenantEncryptionKeyStatus next)
    {
        around.Left.Tell(around.Cluster.Inventory.AddressOf(left), RecordOwner.Of(left.Metadata), next.Conditions[0]);
        publisher.Notifications.Tell(KeyNotifications.Of(left, world, next)
            .Where(notice => notice.Type == NotificationTypes.KeyRevoked));
    }

    private static TenantEncryptionKey WithStatus(ObjectMeta metadata, IReadOnlyList<Condition> conditions) => new()
    {
        Metadata = metadata,
        Status = new()
        {
            ObservedGeneration = metadata.Generation,
            Conditions = conditions,
            Verdict = nameof(KeyVerdict.Unknown),
        },
    };

    /// <summary>A process that just began to lead can't tell a new upload from one that its predecessor spoke of;
    /// from then on it can.</summary>
    private bool IsOtherUpload(ObjectKey key, KeyWorld world)
    {
        if (world.Import?.Upload.ForDisplay() is not { } upload)
        {
            return false;
        }

        var isOther = uploads.TryGetValue(key, out var before) && before != upload.Version;
        uploads[key] = upload.Version;
        return isOther;
    }

    private bool Behind(ObjectKey key) =>
        around.Writes.Behind(around.Cluster.Keys, key) is not null
        || around.Cluster.IsRecordBehind<KeyRecord>(around.Writes,
            (around.Cluster.Keys.Find(key) ?? around.Cluster.Inventory.KeyAt(key))?.Metadata);
}
