using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Reports;
using Kube.Core;

namespace ByokOperator.Stores;

/// <summary>What is measured of one store.</summary>
/// <param name="Availability">As the status shows it.</param>
internal sealed record StoreReading(string Availability)
{
    public const string Copying = "Copying";
    public const string Stalled = "Stalled";
    public const string Done = "Done";
    public const string UnderWay = "UnderWay";

    /// <summary>Of a report, in its own intervals: later than that it is overdue.</summary>
    private const int MostIntervals = 2;

    private static readonly TimeSpan reportGrace = TimeSpan.FromMinutes(5);

    /// <summary>What holds its closing up; null where nothing does.</summary>
    public string? HeldUp { get; init; }

    /// <summary>Since when this process wants it closed; null where it does not.</summary>
    public DateTimeOffset? ClosingSince { get; init; }

    /// <summary>Since when nobody could look at it; null where somebody does.</summary>
    public DateTimeOffset? UnseenSince { get; init; }

    /// <summary>How its move stands; null where it has none.</summary>
    public string? Move { get; init; }

    /// <summary>How its change of key stands; null where none is asked for or under way.</summary>
    public string? KeyChange { get; init; }

    public MigrationProgress? Progress { get; init; }

    public int FailedAttempts { get; init; }

    /// <summary>Objects under the store's own keys, and under any other or none, by the last census.</summary>
    public (long Own, long Other) Census { get; init; }

    /// <summary>Of the last report; null where there is none.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>The first one is due, and is what is done next.</summary>
    public bool IsFirstReportDue { get; init; }

    /// <summary>Since when this process finds it so; null where it does not.</summary>
    public DateTimeOffset? FirstReportDueSince { get; init; }

    /// <summary>How often there has to be one.</summary>
    public TimeSpan ReportInterval { get; init; }

    public IReadOnlyList<string> Deviations { get; init; } = [];

    /// <summary>From when on its report is overdue; null where none is to be had.</summary>
    public DateTimeOffset? OverdueFrom => this switch
    {
        { ReportedAt: { } at, ReportInterval.Ticks: > 0 } => at + (ReportInterval * MostIntervals) + reportGrace,
        { ReportedAt: null, FirstReportDueSince: { } since } => since + reportGrace,
        _ => null,
    };

    /// <summary>The same, with what can only be told by what was measured before.</summary>
    public StoreReading After(StoreReading? before, DateTimeOffset now) =>
        this with { FirstReportDueSince = IsFirstReportDue ? before?.FirstReportDueSince ?? now : null };

    /// <param name="world">What was seen.</param>
    /// <param name="shown">The status that follows from it.</param>
    /// <param name="heldUp">What holds its closing up; null where nothing does.</param>
    /// <param name="steps">What was decided.</param>
    public static StoreReading Of(
        StoreWorld world, EncryptedStoreStatus shown, HoldUp? heldUp, IReadOnlyList<Step> steps) =>
        new(shown.Availability ?? "None")
        {
            HeldUp = heldUp?.Reason,
            ClosingSince = world.ClosingSince,
            UnseenSince = world.UnseenSince,
            Move = MoveOf(world, shown),
            KeyChange = !KeyChangeLadder.IsNeeded(world) ? null : IsStalled(shown) ? Stalled : UnderWay,
            Progress = shown.Migration,
            FailedAttempts = world.Migration?.Copies.ForDisplay()?.Sum(copy => copy.FailedAttempts) ?? 0,
            Census = (
                shown.Census?.Where(entry => IsOwn(shown, entry.Key)).Sum(entry => entry.Objects) ?? 0,
                shown.Census?.Where(entry => !IsOwn(shown, entry.Key)).Sum(entry => entry.Objects) ?? 0),
            ReportedAt = world.Report.ForDisplay()?.WrittenAt ?? shown.LastReportTime,
            IsFirstReportDue = world.Report.ForDisplay() is null && shown.LastReportTime is null
                && steps.Any(step => step is Step.Take { Act: StoreAct.WriteReport }),
            ReportInterval = world.ReportInterval,

            // They stand in a ConfigMap of the tenant's namespace, where anybody who may edit it can write anything.
            Deviations =
                [.. (world.Report.ForDisplay()?.Deviations ?? []).Where(DeviationCodes.ActionRequired.Contains)],
        };

    private static bool IsOwn(EncryptedStoreStatus shown, string key) =>
        key == shown.ActiveKey || shown.PinnedKeys?.Any(pinned => pinned.Id == key) == true;

    // A way back is a move too: one that waits for somebody, for consent as well, is stalled like any other.
    private static string? MoveOf(StoreWorld world, EncryptedStoreStatus shown) =>
        world.Return is { } back
            ? IsStalled(shown) ? Stalled : back.IsRetired || back.Shown?.FinishedAt is not null ? Done : Copying
        : world.Migration is null or { Plan: not null } ? null
        : shown.Migration is { FinishedAt: not null } ? Done
        : IsStalled(shown) ? Stalled
        : Copying;

    private static bool IsStalled(EncryptedStoreStatus shown) =>
        Conditions.Find(shown.Conditions, StatusReport.Stalled) is not null;
}
