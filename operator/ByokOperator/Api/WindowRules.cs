namespace ByokOperator.Api;

/// <summary>
/// The rules of <c>spec.maintenanceWindows</c>. What only a calendar can tell (that a schedule is one, and ever comes
/// true; that a zone is one; that windows do not overlap) no server can, so that is always a condition.
/// </summary>
internal static class WindowRules
{
    public const int MaxWindows = 8;

    private const int MaxText = 64;

    /// <summary>How many openings of each window are looked at: of one a week, two years.</summary>
    private const int MostOpenings = 104;

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(168);

    /// <summary>Of a calendar that is the same whenever it is asked:
    /// a spec is not wrong today and right tomorrow.</summary>
    private static readonly DateTimeOffset Beginning = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<Violation> Check(EncryptedStoreSpec spec)
    {
        if (spec.Workloads?.DuringMigration == WorkloadPolicy.Window && spec.MaintenanceWindows.Count == 0)
        {
            yield return new("spec",
                "duringMigration Window needs a window: name one in spec.maintenanceWindows, or set "
                    + "spec.workloads.duringMigration to Online or Quiesce");
        }

        if (spec.MaintenanceWindows.Count > MaxWindows)
        {
            yield return new("spec.maintenanceWindows",
                "at most 8 windows: one schedule can name several hours and days");
        }

        if (GoDuration.TryParse(spec.Migration.FenceTimeout, out var fence)
            && spec.MaintenanceWindows.Any(window =>
                GoDuration.TryParse(window.Duration, out var duration) && duration < fence))
        {
            yield return new("spec",
                "a maintenance window must last at least as long as spec.migration.fenceTimeout, for so long writes "
                    + "may be refused: make it longer, or lower fenceTimeout");
        }

        var found = spec.MaintenanceWindows.Take(MaxWindows)
            .SelectMany((window, index) => Check($"spec.maintenanceWindows[{index}]", window)).ToList();
        foreach (var violation in found.Count > 0 ? found : Overlaps(spec.MaintenanceWindows))
        {
            yield return violation;
        }
    }

    private static IEnumerable<Violation> Check(string field, MaintenanceWindow window) =>
    [
        .. Schedule($"{field}.schedule", window.Schedule),
        .. FieldRules.Duration($"{field}.duration", window.Duration, Shortest, Longest,
            "duration must be from 1m to 168h, such as 8h"),
        .. Zone($"{field}.timeZone", window.TimeZone),
    ];

    private static IEnumerable<Violation> Schedule(string field, string schedule)
    {
        if (schedule.Length > MaxText || !WindowSchedule.IsShaped(schedule))
        {
            yield return new(field,
                "not a schedule: write the five fields of cron with one space between, such as 0 2 * * 6 (minute, "
                    + "hour, day of the month, month, day of the week)");
        }
        else if (WindowSchedule.CronOf(schedule) is not { } cron)
        {
            yield return new(field,
                $"'{schedule}' is not a schedule that cron knows: minutes are 0 to 59, hours 0 to 23, days 1 to 31, "
                    + "months 1 to 12, days of the week 0 to 7");
        }
        else if (cron.GetNextOccurrence(Beginning, TimeZoneInfo.Utc) is null)
        {
            yield return new(field, $"'{schedule}' never comes true: name a day that the month has");
        }
    }

    private static IEnumerable<Violation> Zone(string field, string zone)
    {
        if (zone.Length > MaxText || !WindowSchedule.IsZoneShaped(zone))
        {
            yield return new(field,
                "not the name of a time zone: write one of the IANA database, such as Europe/Berlin or UTC");
        }
        else if (WindowSchedule.ZoneOf(zone) is null)
        {
            yield return new(field,
                $"there is no time zone '{zone}' in the operator's IANA database: write one such as Europe/Berlin or "
                    + "UTC");
        }
    }

    private static IEnumerable<Violation> Overlaps(IReadOnlyList<MaintenanceWindow> windows)
    {
        var openings = windows.SelectMany((window, index) => Openings(index, window)).OrderBy(one => one.From).ToList();
        foreach (var (one, next) in openings.Zip(openings.Skip(1)))
        {
            if (next.From < one.Until)
            {
                yield return new("spec.maintenanceWindows", one.Index == next.Index
                    ? $"window {one.Index} opens again before it has ended: make its duration shorter than the time "
                        + "between two openings"
                    : $"windows {Math.Min(one.Index, next.Index)} and {Math.Max(one.Index, next.Index)} overlap on "
                        + $"{next.From:yyyy-MM-dd}: make one of them shorter, or one window of both");
                yield break;
            }
        }
    }

    private static IEnumerable<(int Index, DateTimeOffset From, DateTimeOffset Until)> Openings(
        int index, MaintenanceWindow window)
    {
        if (WindowSchedule.Of(window) is not { } schedule)
        {
            yield break;
        }

        var from = schedule.NextAfter(Beginning);
        for (var count = 0; from is { } opened && count < MostOpenings; count++, from = schedule.NextAfter(opened))
        {
            yield return (index, opened, opened + schedule.Duration);
        }
    }
}
