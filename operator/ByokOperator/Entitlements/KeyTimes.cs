using ByokOperator.Api;

namespace ByokOperator.Entitlements;

/// <summary>
/// How often a key is asked and how long it is borne not to know, within what the platform allows. Not refused: what
/// the platform lowers counts at once, for keys that stand too.
/// </summary>
internal static class KeyTimes
{
    /// <summary>As asked, but for what is beyond a limit.</summary>
    /// <param name="asked">By the key's spec.</param>
    /// <param name="bounds">Of its tenant, or those that a Tenant has which says nothing.</param>
    public static KeyRevocation Within(KeyRevocation asked, KeyBounds bounds)
    {
        var interval = Smaller(Larger((asked.ProbeInterval, asked.Interval), bounds.Least), bounds.Most);
        var staleness = Smaller((asked.MaxStaleness, asked.AllowedStaleness), bounds.Most);
        if (asked.AllowedStaleness >= asked.Interval)
        {
            staleness = Larger(staleness, interval); // one late probe would close every store
        }

        return asked with { ProbeInterval = interval.Text, MaxStaleness = staleness.Text };
    }

    /// <summary>What counts in the place of what was asked; empty where that is as asked.</summary>
    public static string Told(KeyRevocation asked, KeyRevocation within) => string.Join("; ", new[]
    {
        within.ProbeInterval == asked.ProbeInterval ? ""
            : $"spec.revocation.probeInterval: {asked.ProbeInterval} is beyond what the platform allows, and "
                + $"{within.ProbeInterval} counts",
        within.MaxStaleness == asked.MaxStaleness ? ""
            : $"spec.revocation.maxStaleness: {asked.MaxStaleness} is beyond what the platform allows, and "
                + $"{within.MaxStaleness} counts",
    }.Where(sentence => sentence.Length > 0));

    private static (string Text, TimeSpan Time) Smaller(
        (string Text, TimeSpan Time) one, (string Text, TimeSpan Time) other) => one.Time <= other.Time ? one : other;

    private static (string Text, TimeSpan Time) Larger(
        (string Text, TimeSpan Time) one, (string Text, TimeSpan Time) other) => one.Time >= other.Time ? one : other;
}

/// <summary>A tenant's limits of times, read: every look at a key goes by them.</summary>
/// <param name="Least">The shortest interval, as it is written and as it is meant.</param>
/// <param name="Most">The longest maxStaleness.</param>
internal sealed record KeyBounds((string Text, TimeSpan Time) Least, (string Text, TimeSpan Time) Most)
{
    /// <summary>Of a Tenant that says nothing.</summary>
    public static KeyBounds Default { get; } = Of(new TenantLimits());

    /// <summary>What can't be read is as if it were not said.</summary>
    public static KeyBounds Of(TenantLimits limits) => new(
        Read(limits.MinProbeInterval, new TenantLimits().MinProbeInterval),
        Read(limits.MaxStaleness, new TenantLimits().MaxStaleness));

    private static (string Text, TimeSpan Time) Read(string limit, string instead) =>
        GoDuration.TryParse(limit, out var time) ? (limit, time)
            : GoDuration.TryParse(instead, out time) ? (instead, time) : throw new FormatException(instead);
}
