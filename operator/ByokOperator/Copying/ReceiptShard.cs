namespace ByokOperator.Copying;

/// <summary>One shard's share of the proof.</summary>
internal sealed record ReceiptShard(
    int Shard, int Chunks, string Digest, long Versions, long DeleteMarkers, long Bytes);
