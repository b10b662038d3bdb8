using System.Text.Json.Serialization;

namespace ByokOperator.Reports;

/// <summary>One difference between what is expected and what was seen, and what to do about it.</summary>
/// <param name="Code">Stable, for machines: one of <see cref="DeviationCodes"/>.</param>
/// <param name="Field">Where in this report.</param>
internal sealed record Deviation(
    string Code, string Field, string Expected, string Observed, [property: JsonPropertyName("mend")] string Fix);
