namespace Cloud;

/// <summary>Evidence of one cloud call, for the report: what, when, how it ended,
/// and the cloud's own request id.</summary>
public sealed record CallRecord(string Operation, DateTimeOffset At, string Outcome, string? RequestId);
