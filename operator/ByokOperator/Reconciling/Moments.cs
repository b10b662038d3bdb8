namespace ByokOperator.Reconciling;

/// <summary>Times that somebody else may have written: each may be the last or the first that there is, and what
/// decides must not throw for it.</summary>
internal static class Moments
{
    /// <summary>So much later; the last time that there is where there is none so late.</summary>
    /// <param name="time">Not negative.</param>
    public static DateTimeOffset Later(this DateTimeOffset at, TimeSpan time) =>
        at < DateTimeOffset.MaxValue - time ? at + time : DateTimeOffset.MaxValue;
}
