namespace Byok.Copying;

/// <summary>Another worker wrote this shard's next chunk: one of the two is a leftover and must stop.</summary>
public sealed class ShardTakenException(string mark) : Exception($"another worker wrote {mark}; this one stops");
