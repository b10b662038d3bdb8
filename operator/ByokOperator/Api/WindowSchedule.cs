using System.Text.RegularExpressions;
using Cronos;

namespace ByokOperator.Api;

/// <summary>
/// One maintenance window, asked about any time. Where clocks are put forward over the time that it opens at, it opens
/// when they were; where they are put back, it opens once, the first time. It lasts as long as it says either way.
/// </summary>
internal sealed partial class WindowSchedule
{
    private readonly CronExpression cron;
    private readonly TimeZoneInfo zone;

    private WindowSchedule(CronExpression cron, TimeZoneInfo zone, TimeSpan duration) =>
        (this.cron, this.zone, Duration) = (cron, zone, duration);

    public TimeSpan Duration { get; }

    /// <summary>Null where any of its fields can't be read.</summary>
    public static WindowSchedule? Of(MaintenanceWindow window) =>
        CronOf(window.Schedule) is { } cron && ZoneOf(window.TimeZone) is { } zone
            && GoDuration.TryParse(window.Duration, out var duration) && duration > TimeSpan.Zero
            ? new(cron, zone, duration)
            : null;

    /// <summary>Whether it has five fields of the letters that cron knows.</summary>
    public static bool IsShaped(string schedule) => CronShape().IsMatch(schedule);

    /// <summary>Null where it is none.</summary>
    public static CronExpression? CronOf(string schedule) =>
        IsShaped(schedule) && CronExpression.TryParse(schedule, CronFormat.Standard, out var cron) ? cron : null;

    /// <summary>Whether it may be the name of a zone: names are those of files,
    /// and none leads out of their folder.</summary>
    public static bool IsZoneShaped(string name) => ZoneShape().IsMatch(name);

    /// <summary>Null where the database of this machine does not have it under this very name.</summary>
    public static TimeZoneInfo? ZoneOf(string name) =>
        IsZoneShaped(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.Id == name ? zone
            : null;

    /// <summary>Until when it is open at a time; null where it is not.</summary>
    public DateTimeOffset? OpenUntil(DateTimeOffset time) =>
        cron.GetNextOccurrence(time - Duration, zone) is { } opened && opened <= time
            ? (opened + Duration).ToUniversalTime() : null;

    /// <summary>When it opens next; null where it never does again.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset time) => cron.GetNextOccurrence(time, zone)?.ToUniversalTime();

    [GeneratedRegex(@"^[0-9A-Za-z*?/,#-]+( [0-9A-Za-z*?/,#-]+){4}\z")]
    private static partial Regex CronShape();

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}\z")]
    private static partial Regex ZoneShape();
}

/// <summary>When a move may hold writers and workloads up.</summary>
public sealed record MaintenanceWindow
{
    /// <summary>When it opens: the five fields of cron, such as <c>0 2 * * 6</c>.</summary>
    public string Schedule { get; init => field = value ?? ""; } = "";

    /// <summary>How long it stays open, such as <c>8h</c>: time that passes, whatever the clocks show.</summary>
    public string Duration { get; init => field = value ?? ""; } = "";

    /// <summary>Whose clocks the schedule goes by, as the IANA database names it,
    /// such as <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; init => field = value ?? "UTC"; } = "UTC";
}
