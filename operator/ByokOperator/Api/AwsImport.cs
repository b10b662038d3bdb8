namespace ByokOperator.Api;

/// <summary>Where the material goes: one KMS key per region, none of which knows of the others.</summary>
public sealed record AwsImport
{
    public IReadOnlyList<string> Regions { get; init => field = value ?? []; } = [];

    /// <summary>When KMS deletes the material by itself, within a year; null: never.</summary>
    public DateTimeOffset? ValidTo { get; init; }
}
