using ByokOperator.Migrations;
using ByokOperator.Api;
using ByokOperator.Places;
using ByokOperator.Reconciling;
using ByokOperator.Records;

namespace ByokOperator.NextBuckets;

/// <summary>What one look saw of a store's other bucket, and of the move between the two.</summary>
internal sealed record NextWorld
{
    private const string NotLooked = "NotLooked";

    /// <summary>As recorded.</summary>
    public required StoreBucket Known { get; init; }

    /// <summary>Its full name.</summary>
    public required string Name { get; init; }

    public Fact<TargetFacts> Other { get; init; } = Fact.Blind<TargetFacts>(NotLooked);

    /// <summary>It says beside the data which key it is under; not looked at after the switch.</summary>
    public Fact<bool> IsPinned { get; init; } = Fact.Blind<bool>(NotLooked);

    /// <summary>Null where nobody looked: while closing.</summary>
    public MigrationWorld? Move { get; init; }

    /// <summary>How far it is, for status; nothing is decided on it.</summary>
    public MigrationProgress? Shown { get; init; }

    /// <summary>No record says how far the move is, nor under which key what: it is closed, and nothing else.</summary>
    public bool IsUnclear => Known.KeyId.Length == 0;

    /// <summary>Readers are on the next bucket, or about to be: from here on it is finished,
    /// whatever the spec says.</summary>
    public bool IsServed => Known.IsLeft;
}
