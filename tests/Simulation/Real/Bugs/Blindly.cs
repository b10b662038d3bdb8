using ByokOperator.Copies;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Stores;
using Cloud.Keys;

namespace Simulation.Real.Bugs;

/// <summary>Worlds as bugs make them.</summary>
internal static class Blindly
{
    public static bool Any(StoreWorld seen) =>
        (seen.Target.Blindness ?? seen.Pin.Blindness ?? seen.IsGranted.Blindness ?? seen.Workloads.Blindness
            ?? seen.CopyJobs.Blindness) is not null;

    public static StoreWorld Absent(StoreWorld seen) => seen with
    {
        Key = Or(seen.Key, null),
        Target = Or(seen.Target, TargetFacts.Absent),
        Pin = Or(seen.Pin, null),
        IsGranted = Or(seen.IsGranted, false),
        Workloads = Or(seen.Workloads, new WorkloadState(0, 0)),
        CopyJobs = Or(seen.CopyJobs, 0),
        Migration = seen.Migration is { } migration ? migration with
        {
            Source = Or(migration.Source, new SourceFacts(Exists: true, IsEmpty: true, null)),
            Receipt = Or(migration.Receipt, null),
            Served = Or(migration.Served, null),
            Retired = Or(migration.Retired, null),
            Copies = Or(migration.Copies, []),
        } : null,
    };

    /// <summary>The same of a key.</summary>
    public static KeyWorld Absent(KeyWorld seen) => seen with
    {
        Users = Or(seen.Users, []),
        Retained = Or(seen.Retained, []),
        Import = seen.Import is { } import ? import with
        {
            Regions =
            [
                .. import.Regions.Select(region =>
                    new ImportRegion(region.Region, Or(region.CreatingSince, null), Or(region.Key, null),
                        Or(region.WasUsed, false))),
            ],
        } : null,
    };

    /// <summary>No time passes for what is not known.</summary>
    public static KeySnapshot Fresh(KeySnapshot key, DateTimeOffset now) => key with
    {
        Regions = key.Regions.ToDictionary(region => region.Key, region => region.Value with
        {
            Judgement = region.Value.Judgement.Select(judgement => judgement switch
            {
                KeyJudgement.Unknown unknown => unknown with { Since = now },
                KeyJudgement.Usable usable => usable with { ProvedAt = now },
                var other => other,
            }),
        }),
    };

    /// <summary>A canary of other material is taken for none.</summary>
    public static KeyRegion Forgotten(KeyRegion region) =>
        region.Answer.ForDisplay() is { Verdict: KeyVerdict.Revoked, Reason: "KeyReplaced" } answer
            ? region with
            {
                Canary = Fact.Seen<StoredCanary?>(null),
                Answer = Fact.Seen(
                    answer with { Verdict = KeyVerdict.Usable, Reason = "Proved", OfferedCanary = answer.Message }),
            }
            : region;

    /// <summary>Any delta counts for the fence that stands.</summary>
    public static MigrationWorld Unbound(MigrationWorld migration) =>
        migration.Source.ForDisplay()?.Fence is not { } fence ? migration : migration with
        {
            Copies = migration.Copies.Select<IReadOnlyList<CopyFacts>>(copies =>
            [
                .. copies.Select(copy =>
                    copy.Fingerprint.StartsWith("delta-", StringComparison.Ordinal)
                        && copy.Outcome is JobOutcome.Succeeded or JobOutcome.Incomplete
                        ? copy with { Fingerprint = $"delta-{migration.Spec}-{fence}", Outcome = JobOutcome.Succeeded }
                        : copy),
            ]),
        };

    private static Fact<T> Or<T>(Fact<T> fact, T absent) => fact.Blindness is null ? fact : Fact.Seen(absent);
}
