using ByokOperator.Entitlements;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using ByokOperator.Reencrypting;

namespace ByokOperator.Stores;

/// <summary>What one look saw of a change of key, beside the keys that are pinned. How far it is, those say:
/// see <see cref="PinStages"/>.</summary>
internal sealed record KeyChange
{
    /// <summary>What <c>spec.keyRef</c> names where that is not the key that the default is on;
    /// null where it is.</summary>
    public string? Wanted { get; init; }

    /// <summary>What is known of it, pinned or not; its pin is the one that it proved itself by.
    /// Null where none is wanted.</summary>
    public PinnedKey? Candidate { get; init; }

    /// <summary>What the platform did not give of it.</summary>
    public Fact<Ruling.Refused?> Refusal { get; init; } = Fact.Seen<Ruling.Refused?>(null);

    /// <summary><c>existingObjects: Keep</c>.</summary>
    public bool Keeps { get; init; }

    public TimeSpan Overlap { get; init; }

    /// <summary>One root key holds all that stands there: with it changed, nothing stands under the old one.</summary>
    public bool IsRewrapped { get; init; }

    /// <summary>Ids of the keys that the mark beside the data names.</summary>
    public Fact<IReadOnlyList<string>> Marked { get; init; } = Fact.Blind<IReadOnlyList<string>>("NotLooked");

    /// <summary>Objects under old keys, and what puts them under the new one.</summary>
    public ReencryptionFacts Reencryption { get; init; } = new();

    /// <summary>The key that really holds the root key, as the cloud tells it; null where there is no such thing.
    /// Without its version.</summary>
    public Fact<string?> RootKey { get; init; } = Fact.Blind<string?>("NotLooked");
}
