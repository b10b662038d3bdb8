namespace ByokOperator.Keys;

/// <summary>
/// When a key is asked next. Each key has a moment of its own within the interval, so that however many are found at
/// one start, they are asked evenly spread from the second time on, and a revocation never waits behind a burst of
/// them. Pure.
/// </summary>
internal static class ProbeTimes
{
    /// <summary>The interval is what was promised, and not what is aimed at:
    /// the rest is for the queue and for the asking itself.</summary>
    private const double AimedAt = 0.9;

    /// <summary>A key that was asked just before its moment is not asked again at once, but a little later than the
    /// next time; still within the interval.</summary>
    private const double JustAsked = 0.1;

    public static TimeSpan Next(string uid, DateTimeOffset now, TimeSpan interval)
    {
        var period = (long)(interval.Ticks * AimedAt);
        var moment = (long)(Share(uid) * period);
        var wait = period - ((now.UtcTicks - moment) % period);
        return TimeSpan.FromTicks(wait < period * JustAsked ? wait + period : wait);
    }

    /// <summary>From 0 to 1, the same in every process (FNV-1a).</summary>
    private static double Share(string uid)
    {
        const uint Offset = 2166136261;
        const uint Prime = 16777619;
        var hash = uid.Aggregate(Offset, (sum, letter) => unchecked((sum ^ letter) * Prime));
        return hash / (uint.MaxValue + 1.0);
    }
}
