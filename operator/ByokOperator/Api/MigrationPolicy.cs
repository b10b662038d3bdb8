namespace ByokOperator.Api;

public sealed record MigrationPolicy
{
    public const string Run = "Run";
    public const string Plan = "Plan";

    /// <summary><c>Run</c>, or <c>Plan</c>: the shared place is counted,
    /// nothing is made and nothing is moved.</summary>
    public string Mode { get; init => field = value ?? Run; } = Run;

    /// <summary>Copy pods side by side, 1 to 64; each takes one shard.
    /// Zero is what a field left out reads as.</summary>
    public int Parallelism { get; init => field = value is 0 ? 8 : value; } = 8;

    /// <summary><c>Checksum</c> (stored checksums compared,
    /// else both sides hashed) or <c>Metadata</c> (size and count).</summary>
    public string Verification { get; init => field = value ?? "Checksum"; } = "Checksum";

    /// <summary>How long the old copy stays after the switch, such as <c>168h</c>.</summary>
    public string KeepSourceFor { get; init => field = value ?? "0s"; } = "0s";

    /// <summary>How long writers may be refused for the delta, <c>10s</c> to <c>24h</c>; then they write on for as
    /// long, and the delta is tried again.</summary>
    public string FenceTimeout { get; init => field = value ?? "1h"; } = "1h";
}
