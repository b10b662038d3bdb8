using ByokOperator.Api;
using ByokOperator.Copies;
using ByokOperator.Reconciling;

namespace ByokOperator.Reencrypting;

/// <summary>What one look saw of objects that stand under old keys.</summary>
internal sealed record ReencryptionFacts
{
    private const string NotLooked = "NotLooked";

    /// <summary>Fingerprint of the run that puts them under the new key; null where none is wanted,
    /// or not yet.</summary>
    public string? Wanted { get; init; }

    /// <summary>How it can be done by what is seen: to the key that is asked for, or that the default is on.
    /// Seen as null where it can't.</summary>
    public Fact<ReencryptionEngine?> Engine { get; init; } = Fact.Blind<ReencryptionEngine?>(NotLooked);

    /// <summary>Seen as null where it did not begin.</summary>
    public Fact<CopyFacts?> Run { get; init; } = Fact.Blind<CopyFacts?>(NotLooked);

    /// <summary>Fingerprints of Jobs for what is not wanted, or not any more, that nobody deleted yet.</summary>
    public IReadOnlyList<string> OtherRuns { get; init; } = [];

    /// <summary>Some of those Jobs stand; deleted ones do until the cluster has ended their pods.</summary>
    public bool DoOthersStand { get; init; }

    /// <summary>Unfinished uploads that may be completed under an old key.
    /// Not looked at while the run's workers are at it.</summary>
    public Fact<int> OldUploads { get; init; } = Fact.Blind<int>(NotLooked);

    /// <summary>Somebody asks for a look now, which says that what stood in the way was mended.</summary>
    public bool IsAsked { get; init; }

    /// <summary>How far it is, for status; nothing is decided on it.</summary>
    public ReencryptionProgress? Shown { get; init; }
}
