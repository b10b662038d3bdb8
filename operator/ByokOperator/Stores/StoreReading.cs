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

    /// <summary>How often there has to be one.</summary>
    public TimeSpan ReportInterval { get; init; }

    public IReadOnlyList<string> Deviations { get; init; } = [];

    public static StoreReading Of(StoreWorld world, EncryptedStoreStatus shown, HoldUp? heldUp) =>
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
            ReportInterval = world.ReportInterval,

            // They stand in a ConfigMap of the tenant's namespace, where anybody who may edit it can write anything.
            Deviations =
                [.. (world.Report.ForDisplay()?.Deviations ?? []).Where(DeviationCodes.ActionRequired.Contains)],
        };

    private static bool IsOwn(EncryptedStoreStatus shown, string key) =>
        key == shown.ActiveKey || shown.PinnedKeys?.Any(pinned => pinned.Id == key) == true;

    private static string? MoveOf(StoreWorld world, EncryptedStoreStatus shown) =>
        world.Migration is null or { Plan: not null } ? null
        : shown.Migration is { FinishedAt: not null } ? Done
        : IsStalled(shown) ? Stalled
        : Copying;

    private static bool IsStalled(EncryptedStoreStatus shown) =>
        Conditions.Find(shown.Conditions, StatusReport.Stalled) is not null;
}
