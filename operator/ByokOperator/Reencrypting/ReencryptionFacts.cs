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

/// <summary>How what stands in a bucket is put under another key.</summary>
internal enum ReencryptionEngine
{
    /// <summary>Each version's data key is wrapped anew: nothing moves, and nobody sees a difference.
    /// Under keys of the bucket's own account.</summary>
    Update,

    /// <summary>Each object is written over with itself, where no versions are kept.
    /// Its time is that of the copy.</summary>
    Copy,

    /// <summary>The store moves to its next bucket, with every version. Nothing is written over: no object's time, and
    /// no version's id, is what it was.</summary>
    Move,
}
