using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Stores;
using Cloud.Stores;

namespace ByokOperator.Tests.Stores;

/// <summary>A store that is open and well, to be spoiled one fact at a time.</summary>
internal static class Worlds
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly KeyPin Pin = new("k", "m", "d");

    public static readonly StoreWorld Open = new()
    {
        Uid = "uid",
        Now = Noon,
        IsDeleting = false,
        IsPaused = false,
        IsClaimed = true,
        IsPlaced = true,
        Violations = [],
        Region = "r",
        Key = Judged(new KeyJudgement.Usable(Noon)),
        MaxStaleness = TimeSpan.FromMinutes(15),
        Target = Fact.Seen(new TargetFacts(StoreOwnership.Ours, [], IsDenied: false)),
        Pin = Fact.Seen<KeyPin?>(Pin),
        NeedsGrant = true,
        IsGranted = Fact.Seen(true),
        Workloads = Fact.Seen(new WorkloadState(1, 0)),
        Binding = Fact.Seen<BindingFacts?>(new BindingFacts("b", null)),
        WantedBinding = "b",
        Migration = null,
        CopyJobs = Fact.Seen(1),
        Report = Fact.Seen<ReportFacts?>(null),
        ReportInterval = TimeSpan.FromDays(1),
        ReportRequested = null,
        DeletionPolicy = DeletionPolicies.Retain,
        IsDeletionConfirmed = false,
        IsRetentionRecorded = Fact.Seen(false),
    };

    /// <summary>The key is disabled, and nothing was done about it yet.</summary>
    public static readonly StoreWorld Revoked =
        Open with { Key = Judged(new KeyJudgement.Revoked("KeyDisabled", Noon)), ClosingSince = Noon };

    /// <summary>All done.</summary>
    public static readonly StoreWorld Closed = Revoked with
    {
        Target = Fact.Seen(new TargetFacts(StoreOwnership.Ours, [], IsDenied: true)),
        IsGranted = Fact.Seen(false),
        Workloads = Fact.Seen(new WorkloadState(0, 1)),
        Binding = Fact.Seen<BindingFacts?>(null),
        CopyJobs = Fact.Seen(0),
        Closure = new StoreClosure(Noon),
    };

    public static Fact<KeySnapshot?> Judged(KeyJudgement? judgement) => Fact.Seen<KeySnapshot?>(new KeySnapshot(
        "key", KeyStates.Active, IsDeleting: false, TimeSpan.FromMinutes(15),
        new Dictionary<string, RegionSnapshot>
        {
            ["r"] =
                new("k", judgement is null ? Fact.Blind<KeyJudgement>("RecordUnreadable") : Fact.Seen(judgement), Pin),
        }));

    public static StoreWorld With(this StoreWorld world, StoreOwnership ownership) =>
        world with { Target = Fact.Seen(new TargetFacts(ownership, [], IsDenied: false)) };
}
