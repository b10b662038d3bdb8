using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using Cloud.Stores;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>Where a look at a store begins: what the watches and the records tell. Asks nobody.</summary>
internal sealed class StoreBasics(OperatorContext around, StoreKeys keys)
{
    private const string NotLooked = "NotLooked";

    private readonly WorkloadActs workloads = new(around);

    public StoreWorld Of(EncryptedStore store)
    {
        var (keyObject, standing) = keys.Near(store);
        return Of(store, keyObject, standing);
    }

    /// <summary>What the cluster tells by itself; everything that has to be asked for is blind.</summary>
    public StoreWorld Of(EncryptedStore store, TenantEncryptionKey? keyObject, Fact<KeySnapshot?> standing)
    {
        var now = around.Time.GetUtcNow();
        var record = around.Cluster.RecordOf(store);
        return new StoreWorld
        {
            KeyName = store.Spec.KeyRef?.Name ?? "",
            NamesNoKey = store.Spec.KeyRef is null,
            AlsoPinned = keys.AlsoNear(store, now),
            Uid = store.Metadata.Uid ?? "",
            Now = now,
            IsDeleting = store.Metadata.DeletionTimestamp is not null,
            IsPaused = Annotation(store, Labels.Paused) == "true",
            IsClaimed = Finalizers.Has(store.Metadata, Labels.Finalizer),
            // of one that can't be read nobody knows
            IsPlaced = record.Fault is not null || record.Parsed?.Place is not null,
            IsPinRecorded = record.Trusted?.Pin is not null,
            Violations = [],
            Region = StorePlace.Of(store.Spec).KeyRegion,
            Key = standing,
            MaxStaleness = StoreKeys.AllowedStalenessOf(keyObject, standing),
            UnjudgedUntil = keys.UnjudgedUntil(store, keyObject, standing, now),
            Target = Blind<TargetFacts>(),
            Pin = Blind<KeyPin?>(),
            NeedsGrant = StoreGrants.AreMade(store, keyObject, around.Cluster),
            IsGranted = Blind<bool>(),
            Workloads = WorkloadActs.AreSelected(store) ? Blind<WorkloadState>() : Fact.Seen(workloads.Near(store)),
            Next = NextObserver.Near(store, around.Cluster),
            Binding = Blind<BindingFacts?>(),
            WantedBinding = "",
            Migration = null,
            CopyJobs = Blind<int>(),
            Report = Blind<ReportFacts?>(),
            ReportInterval = GoDuration.Within(store.Spec.Report.Interval, StoreRules.Year, TimeSpan.FromDays(1)),
            ReportRequested = ReportMap.RequestOf(Annotation(store, Labels.ReportAt)),
            DeletionPolicy = store.Spec.DeletionPolicy,
            IsDeletionConfirmed = Annotation(store, Labels.ConfirmDelete) == store.Metadata.Name,
            IsRetentionRecorded = Fact.Seen(StoreRecords.IsRetained(record)),
            RecordFault = record.Fault,
            UnseenOnRecord = record.Trusted?.UnseenSince,
            Closure = record.Trusted?.Closure,
            Adoption = around.Cluster.TakeoverOf(store),
            IsRecordedOnly = store.IsRecordedOnly,
            MendOfRights = around.MendOfRights(store.Metadata.Namespace),
            IsReleased = store.IsRecordedOnly && around.Cluster.IsReleased(store, around.Cluster.Tenants.Authority),
        };
    }

    private static Fact<T> Blind<T>() => Fact.Blind<T>(NotLooked);

    private static string? Annotation(EncryptedStore store, string name) =>
        store.Metadata.Annotations?.GetValueOrDefault(name);
}
