using Byok.Copying;

namespace ByokOperator.Migrations;

/// <summary>The count that a plan is made of, as far as it is.</summary>
/// <param name="CountedAt">Null while it goes on.</param>
internal sealed record PlanFacts(string Fingerprint, DateTimeOffset? CountedAt, MoveCounts Counts);
