namespace ByokOperator.Api;

public sealed record RegionalKeyStatus
{
    public string Region { get; init => field = value ?? ""; } = "";

    public string Id { get; init => field = value ?? ""; } = "";

    public string? MaterialId { get; init; }

    /// <summary>The key management service's own word, such as <c>Enabled</c>.</summary>
    public string? State { get; init; }
}
