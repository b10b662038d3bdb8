namespace Byok.Copying;

/// <summary>How an entry of the manifest was verified.</summary>
internal static class Proofs
{
    /// <summary>Both sides keep the same full-object checksum.</summary>
    public const string StoredChecksum = "checksum";

    /// <summary>The contents' SHA-256 are equal, at least one side of it computed by reading.</summary>
    public const string ReadHash = "hash";

    /// <summary>The sizes are equal, as the closing listing shows.</summary>
    public const string Size = "size";

    /// <summary>A delete marker has no content.</summary>
    public const string Marker = "marker";
}
