namespace ByokOperator.Stores;

/// <summary>The last report as it stands in its ConfigMap.</summary>
/// <param name="Answers">The <c>byok.dev/report-at</c> it was written for; null where it was written on interval.</param>
/// <param name="Deviations">Codes of what a person has to look into.</param>
/// <param name="Availability">How it found the store: <c>Open</c>, <c>Closing</c> or <c>Closed</c>.</param>
internal sealed record ReportFacts(DateTimeOffset WrittenAt, string? Answers, IReadOnlyList<string> Deviations, string Availability = StoreVerdict.Open);
