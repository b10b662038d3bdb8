namespace Byok.Copying;

/// <summary>A shard's last word: what its manifest adds up to, and the digest that no other manifest has.</summary>
public sealed record ShardDone
{
    public required string Fingerprint { get; init; }

    public string? PreviousFingerprint { get; init; }

    public int Shard { get; init; }

    public int Shards { get; init; }

    public int Chunks { get; init; }

    /// <summary>SHA-256 (hex) chained over all chunks.</summary>
    public required string Digest { get; init; }

    public required Counts Counts { get; init; }

    public required string KeyId { get; init; }

    public required string Verification { get; init; }

    /// <summary>Versions in the target that no entry vouches for,
    /// removed by the closing look (answers lost on the way).</summary>
    public long StraysRemoved { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset FinishedAt { get; init; }
}
