using System.Globalization;
using ByokOperator.Reconciling;

namespace ByokOperator.Migrations;

/// <summary>Why nobody is held up now, though the first copy is made.</summary>
/// <param name="Until">When that is over; null where a person has to change something.</param>
internal sealed record FenceWait(string Reason, DateTimeOffset? Until, string Message)
{
    /// <summary>Null where nothing has to wait: a fence that stands or rises waits for nothing, and of a source that
    /// was not seen nothing is known.</summary>
    public static FenceWait? Of(MigrationWorld world)
    {
        if (world.Source.ForDisplay() is not { AnyFence: null })
        {
            return null;
        }

        var pause = PausedUntil(world) is { } until
            ? new FenceWait("FencePaused", until,
                $"the delta did not finish in time: writes are open, the next fence waits until {until:u}")
            : null;
        return world.Windows is { } windows ? ForWindow(world, windows, pause) ?? pause : pause;
    }

    public Finding ToFinding(DateTimeOffset now) =>
        Until is { } until ? new Finding.Pending(Reason, until - now, Message) : new Finding.Stuck(Reason, Message);

    private static FenceWait? ForWindow(MigrationWorld world, MaintenanceCalendar windows, FenceWait? pause)
    {
        var (from, need) = (pause?.Until ?? world.Now, DeltaEstimate.Of(world));
        if (windows.OpenUntil(from) is { } end && from + need <= end)
        {
            return null;
        }

        var takes = Words(need);
        return (windows.NextAfter(from, need), windows.OpenUntil(world.Now)) switch
        {
            (null, _) =>
                new("WindowTooShort", null,
                    $"the last copy takes about {takes}, and no maintenance window lasts as long (the longest "
                        + $"{Words(windows.Longest)}): make one of spec.maintenanceWindows longer"),
            ({ } next, _)
                when pause is not null =>
                    new(pause.Reason, next,
                        $"the delta did not finish in time: writes are open, the next fence waits for the maintenance "
                            + $"window until {next:u}"),
            ({ } next, null) =>
                new("WindowNotOpen", next,
                    $"waits for the maintenance window until {next:u}: writers and workloads go on until then"),
            ({ } next, { } ends) =>
                new("WindowEndsTooSoon", next,
                    $"the last copy takes about {takes}, and the maintenance window ends at {ends:u}: waits for the "
                        + $"next one until {next:u}"),
        };
    }

    // A time that lies further ahead than any pause is none.
    private static DateTimeOffset? PausedUntil(MigrationWorld world) =>
        world.FenceLiftedAt.ForDisplay() is { } lifted && lifted <= world.Now
            && lifted + world.FenceTimeout is var until && until > world.Now ? until : null;

    private static string Words(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(time >= TimeSpan.FromHours(1) ? $"{(int)time.TotalHours} h " : "")}{time.Minutes} min");
}
