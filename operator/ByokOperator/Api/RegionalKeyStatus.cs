namespace ByokOperator.Api;

public sealed record RegionalKeyStatus
{
    public string Region { get; init => field = value ?? ""; } = "";

    public string Id { get; init => field = value ?? ""; } = "";

    public string? MaterialId { get; init; }

    /// <summary>The version that new data goes under, where keys have versions.</summary>
    public string? Version { get; init; }

    /// <summary>The key management service's own word, such as <c>Enabled</c>.</summary>
    public string? State { get; init; }

    /// <summary>Of an imported key, oldest first.</summary>
    public IReadOnlyList<MaterialStatus>? Materials { get; init; }
}
