namespace ByokOperator.Copying;

/// <summary>What was read of one shard: its own last word, and what its last chunk really comes to.</summary>
internal sealed record ShardEvidence(ShardDone? Done, string? LastDigest, Tally? LastTally);
