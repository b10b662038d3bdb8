namespace LocalCloud.Admin;

/// <summary>The answer to any admin request: what was asked for is filled in.</summary>
public sealed record AdminAnswer
{
    public string? Error { get; init; }

    public string? Arn { get; init; }

    public string? State { get; init; }

    public string? MaterialId { get; init; }

    public int? Grants { get; init; }

    public int? Id { get; init; }

    public int? Strikes { get; init; }

    public long? Count { get; init; }

    public DateTimeOffset? Now { get; init; }

    public IReadOnlyDictionary<string, long>? Counts { get; init; }

    public IReadOnlyList<CallRecord>? Calls { get; init; }
}
