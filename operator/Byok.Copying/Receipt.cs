namespace Byok.Copying;

/// <summary>
/// Stands beside the data and says that every version of the final, fenced listing is in the target. Whoever finds the
/// source gone looks for this first.
/// </summary>
public sealed record Receipt
{
    public required string SpecHash { get; init; }

    /// <summary>The fence behind which the final listing was made.</summary>
    public required string FenceToken { get; init; }

    /// <summary>The delta run that this receipt sums up.</summary>
    public required string Fingerprint { get; init; }

    public required string Source { get; init; }

    public required string Prefix { get; init; }

    public required string Target { get; init; }

    public required string KeyId { get; init; }

    public string? MaterialId { get; init; }

    /// <summary>Distinct keys.</summary>
    public long Objects { get; init; }

    /// <summary>Versions with content, the current ones among them.</summary>
    public long Versions { get; init; }

    public long DeleteMarkers { get; init; }

    public long Bytes { get; init; }

    public required string Verification { get; init; }

    /// <summary>How many versions have what their copies have not, by what it is: locks, holds, scopes.
    /// Null where none has.</summary>
    public SortedDictionary<string, long>? NotCarried { get; init; }

    public DateTimeOffset FinishedAt { get; init; }

    public required IReadOnlyList<ReceiptShard> Shards { get; init; }
}

/// <summary>One shard's share of the proof.</summary>
public sealed record ReceiptShard(
    int Shard, int Chunks, string Digest, long Versions, long DeleteMarkers, long Bytes);
