using ByokOperator.Api;

namespace ByokOperator.Reports;

/// <summary>The key's verdict and both clocks.</summary>
internal sealed record ReportedKey
{
    public required string Name { get; init; }

    /// <summary>The tenant's will: Standby, Active or Revoked.</summary>
    public required string State { get; init; }

    /// <summary>Usable, Revoked or Unknown.</summary>
    public required string Verdict { get; init; }

    /// <summary>Why, in the words of the proof.</summary>
    public required string Reason { get; init; }

    public string? MaterialId { get; init; }

    /// <summary>Of an imported key, oldest first: it works with all of them or not at all.</summary>
    public IReadOnlyList<MaterialStatus>? Materials { get; init; }

    public DateTimeOffset? LastVerifiedTime { get; init; }

    public DateTimeOffset? UnknownSince { get; init; }

    public DateTimeOffset? RevokedSince { get; init; }

    public required string ProbeInterval { get; init; }

    public required string MaxStaleness { get; init; }
}
