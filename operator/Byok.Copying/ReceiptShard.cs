namespace Byok.Copying;

/// <summary>One shard's share of the proof.</summary>
public sealed record ReceiptShard(
    int Shard, int Chunks, string Digest, long Versions, long DeleteMarkers, long Bytes);
