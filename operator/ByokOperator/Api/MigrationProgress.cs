namespace ByokOperator.Api;

public sealed record MigrationProgress
{
    public long? ObjectsTotal { get; init; }

    public long? ObjectsCopied { get; init; }

    public long? BytesTotal { get; init; }

    public long? BytesCopied { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}
