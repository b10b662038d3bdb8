using ByokOperator.Api;

namespace ByokOperator.Migrations;

/// <summary>The maintenance windows that a move waits for, as the spec says, asked about any time.
/// A window that can't be read never opens.</summary>
internal sealed class MaintenanceCalendar
{
    private readonly IReadOnlyList<WindowSchedule> windows;

    private MaintenanceCalendar(IReadOnlyList<WindowSchedule> windows) => this.windows = windows;

    /// <summary>Null where the move waits for none.</summary>
    public static MaintenanceCalendar? Of(EncryptedStoreSpec spec) =>
        spec.Workloads is { DuringMigration: WorkloadPolicy.Window, Selector: not null }
            ? new(
                [.. spec.MaintenanceWindows.Take(WindowRules.MaxWindows).Select(WindowSchedule.Of)
                    .OfType<WindowSchedule>()])
            : null;

    /// <summary>Whether a move of that store may hold anything up at a time.</summary>
    public static bool IsOpen(EncryptedStore store, DateTimeOffset time) =>
        Of(store.Spec) is not { } calendar || calendar.OpenUntil(time) is not null;

    /// <summary>Of the longest; zero where there is none.</summary>
    public TimeSpan Longest => windows.Select(window => window.Duration).DefaultIfEmpty().Max();

    /// <summary>Null where none is open.</summary>
    public DateTimeOffset? OpenUntil(DateTimeOffset time) => windows.Max(window => window.OpenUntil(time));

    /// <summary>When the next one opens that lasts at least so long; null where none ever does.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset time, TimeSpan least) =>
        windows.Where(window => window.Duration >= least).Min(window => window.NextAfter(time));
}
