namespace Byok.Copying;

/// <summary>Where a shard's manifest stops, and so where its worker goes on.</summary>
/// <param name="Chunks">Chunks that count; the next one gets this number.</param>
/// <param name="LastKey">Everything up to and including it is dealt with; null at the very beginning.</param>
/// <param name="Leftovers">ETags of chunks beyond, cut off within a key: to be written over.</param>
public sealed record ManifestTail(
    int Chunks, string Digest, Counts Counts, string? LastKey, IReadOnlyDictionary<int, string> Leftovers)
{
    public static readonly ManifestTail Empty =
        new(0, ManifestChunk.NoDigest, Counts.Zero, null, new Dictionary<int, string>());
}
