namespace Byok.Copying;

/// <summary>The first line of a chunk.</summary>
public sealed record ChunkHead
{
    public required string Fingerprint { get; init; }

    public int Shard { get; init; }

    public int Sequence { get; init; }

    /// <summary>False when the last key's versions go on in the next chunk: such a chunk is no checkpoint.</summary>
    public bool EndsWithWholeKey { get; init; }

    /// <summary>Digest of everything before this chunk.</summary>
    public required string Previous { get; init; }

    public required string FirstKey { get; init; }

    /// <summary>Up to and including this chunk.</summary>
    public required Counts Counts { get; init; }

    /// <summary>The last key dealt with; it may have left no entry (gone before it could be copied).</summary>
    public required string LastKey { get; init; }
}
