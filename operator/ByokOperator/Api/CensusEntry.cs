namespace ByokOperator.Api;

/// <summary>How much stands under one key, all versions counted.</summary>
public sealed record CensusEntry
{
    /// <summary>Full key id, or <c>none</c> for what is not under a key of the tenant.</summary>
    public string Key { get; init => field = value ?? ""; } = "";

    public long Objects { get; init; }

    public long Bytes { get; init; }
}
