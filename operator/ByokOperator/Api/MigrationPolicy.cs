namespace ByokOperator.Api;

public sealed record MigrationPolicy
{
    /// <summary>Copy pods side by side, 1 to 64; each takes one shard.</summary>
    public int Parallelism { get; init; } = 8;

    /// <summary><c>Checksum</c> (stored checksums compared, else both sides hashed) or <c>Metadata</c> (size and count).</summary>
    public string Verification { get; init; } = "Checksum";

    /// <summary>How long the old copy stays after the switch, such as <c>168h</c>.</summary>
    public string KeepSourceFor { get; init; } = "0s";
}
