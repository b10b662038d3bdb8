namespace ByokOperator.Reports;

/// <summary>How many entries were left out to fit. Deviations are kept longest.</summary>
internal sealed record OmittedEntries(int Evidence, int Census, int Deviations);
