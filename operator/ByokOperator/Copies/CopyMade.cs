using Byok.Copying;

namespace ByokOperator.Copies;

/// <summary>A copy that was made: how long it took, and what its source held. For estimates;
/// nothing else is decided on it.</summary>
internal sealed record CopyMade(DateTimeOffset StartedAt, DateTimeOffset FinishedAt, SurveyResult Seen);
