using Byok.Copying;
using ByokOperator.Reconciling;

namespace ByokOperator.Migrations;

/// <summary>The count that a plan is made of, as far as it is.</summary>
/// <param name="CountedAt">Null while it goes on.</param>
internal sealed record PlanFacts(string Fingerprint, DateTimeOffset? CountedAt, MoveCounts Counts)
{
    /// <summary>What was found beside what is counted, once that came to its end, and would keep it from being moved;
    /// null where nothing was.</summary>
    public FailureText? Beside { get; init; }
}
