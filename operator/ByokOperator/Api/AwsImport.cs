using Kube.Core.Json;

namespace ByokOperator.Api;

/// <summary>Where the material goes: one KMS key per region, none of which knows of the others.</summary>
public sealed record AwsImport
{
    public IReadOnlyList<string> Regions { get; init => field = Entries.Of(value); } = [];

    /// <summary>When KMS deletes the material by itself, within a year, as RFC 3339 has it; null: never.</summary>
    public string? ValidTo { get; init; }
}
