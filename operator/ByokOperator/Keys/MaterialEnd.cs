namespace ByokOperator.Keys;

/// <summary>Imported material that goes by itself before long.</summary>
/// <param name="Step">The nearest step that was reached, in days.</param>
internal sealed record MaterialEnd(string Region, DateTimeOffset At, int Step)
{
    /// <summary>When this step was reached.</summary>
    public DateTimeOffset Since => At - TimeSpan.FromDays(Step);
}
