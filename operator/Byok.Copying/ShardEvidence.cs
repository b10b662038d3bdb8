namespace Byok.Copying;

/// <summary>What was read of one shard: its own last word, and what its entries, read through to the digest,
/// add up to.</summary>
public sealed record ShardEvidence(ShardDone? Done, Counts Counted)
{
    /// <summary>How many versions have what their copies have not, by what it is.</summary>
    public IReadOnlyDictionary<string, long> NotCarried { get; init; } = new Dictionary<string, long>();
}
