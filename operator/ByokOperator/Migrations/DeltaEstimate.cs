using Byok.Copying;
using ByokOperator.Copies;

namespace ByokOperator.Migrations;

/// <summary>
/// How long the last copy will take, as far as the first one tells: the listing, made once more, and what was written
/// since it began, at the rate at which objects came to the source before and were copied then. An estimate:
/// where it is wrong, the window ends first.
/// </summary>
internal static class DeltaEstimate
{
    /// <summary>Pods have to be scheduled, a receipt written and readers switched.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(30);

    /// <summary>What it is rounded up to, so that the words stay the same while nothing but time passes.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Most = TimeSpan.FromDays(365);

    /// <summary>A request for a thousand takes a fifth of a second, where it takes long.</summary>
    private const double ListedPerSecond = 5_000;

    /// <summary>Nobody writes evenly.</summary>
    private const double Reserve = 2;

    public static TimeSpan Of(MigrationWorld world) =>
        world.Copies.ForDisplay()?.FirstOrDefault(copy => copy.Fingerprint == world.BulkCopy)?.Made is { } made
            ? Of(made, world.Now) : Step;

    public static TimeSpan Of(CopyMade made, DateTimeOffset now)
    {
        var (took, since) = (Seconds(made.FinishedAt - made.StartedAt), Seconds(now - made.StartedAt));
        var seen = made.Seen;
        var share = Math.Max(Ratio(seen.RecentObjects, seen.Objects), Ratio(seen.RecentBytes, seen.Bytes)) * since
            / SurveyResult.RecentPeriod.TotalSeconds;
        var seconds = Least.TotalSeconds + (Math.Max(seen.Objects, 0) / ListedPerSecond) + (took * share * Reserve);
        return TimeSpan.FromMinutes(Math.Ceiling(Math.Min(seconds, Most.TotalSeconds) / Step.TotalSeconds));
    }

    private static double Seconds(TimeSpan time) => Math.Max(time.TotalSeconds, 0);

    private static double Ratio(long part, long whole) => whole > 0 ? Math.Clamp((double)part / whole, 0, 1) : 0;
}
