namespace ByokOperator.Api;

public sealed record MigrationProgress
{
    public long? ObjectsTotal { get; init; }

    public long? ObjectsCopied { get; init; }

    public long? BytesTotal { get; init; }

    public long? BytesCopied { get; init; }

    /// <summary>For the printed table, which can't join two columns.</summary>
    public string? Progress => ObjectsCopied is { } copied && ObjectsTotal is { } total ? $"{copied}/{total}" : null;

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>At the rate so far; absent until the whole source is known.</summary>
    public DateTimeOffset? EstimatedFinish { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}
