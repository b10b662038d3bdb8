namespace LocalCloud.Admin;

/// <summary>The body of any admin request: each path reads the fields it needs.</summary>
public sealed record AdminOrder
{
    public string? Account { get; init; }

    public string? Region { get; init; }

    public string? Policy { get; init; }

    public string? Arn { get; init; }

    public string? State { get; init; }

    public string? Name { get; init; }

    public string? Bucket { get; init; }

    public string? Key { get; init; }

    public string? Prefix { get; init; }

    public long Size { get; init; }

    public int Count { get; init; }

    public int Seed { get; init; }

    public string? AccessKey { get; init; }

    public string? Secret { get; init; }

    public bool? KmsUnreachable { get; init; }

    public bool? KmsQuotas { get; init; }

    public double? S3DisableLagSeconds { get; init; }

    public double? GrantLagSeconds { get; init; }

    public double? ClockOffsetSeconds { get; init; }

    public FaultOrder? Fault { get; init; }
}
