namespace ByokOperator.Stores;

/// <summary>The last report as it stands in its ConfigMap.</summary>
/// <param name="Answers">The <c>byok.dev/report-at</c> it was written for;
/// null where it was written on interval.</param>
/// <param name="Deviations">Codes of what a person has to look into.</param>
/// <param name="Availability">How it found the store: <c>Open</c>, <c>Closing</c> or <c>Closed</c>.</param>
internal sealed record ReportFacts(
    DateTimeOffset WrittenAt, string? Answers, IReadOnlyList<string> Deviations,
    string Availability = StoreVerdict.Open)
{
    /// <summary>How far the clocks of two leaders may be apart.</summary>
    private static readonly TimeSpan clockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>
    /// It is no older than that, and not of a time that is still to come: whoever may edit the ConfigMap could put the
    /// next one off for ever. Nothing is added to its time, which may be the last that there is.
    /// </summary>
    public bool IsInTime(TimeSpan interval, DateTimeOffset now) =>
        now - WrittenAt is var age && age < interval && age >= -clockTolerance;

    /// <summary>Not negative.</summary>
    public TimeSpan DueIn(TimeSpan interval, DateTimeOffset now) =>
        IsInTime(interval, now) ? interval - (now - WrittenAt) : TimeSpan.Zero;
}
