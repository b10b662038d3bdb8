namespace Byok.Copying;

/// <summary>Where a shard is right now: versions and markers found, and verified.</summary>
public readonly record struct CopyProgress(
    long ObjectsTotal, long BytesTotal, long ObjectsCopied, long BytesCopied, int Concurrency);
