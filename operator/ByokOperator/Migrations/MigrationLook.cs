using Byok.Copying;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Places;
using ByokOperator.Reconciling;

namespace ByokOperator.Migrations;

/// <summary>What <see cref="MigrationObserver"/> saw, before the store's observer makes a world of it.</summary>
/// <param name="Shown">How far the latest run is, for status only.</param>
internal sealed record MigrationLook(
    Fact<SourceFacts> Source,
    Fact<(ReceiptFacts Facts, Receipt Receipt)?> Receipt,
    Fact<ServedMark?> Served,
    Fact<string?> Retired,
    Fact<IReadOnlyList<CopyFacts>> Copies,
    RunState? Shown)
{
    /// <summary>Seen as null where no fence was given up.</summary>
    public Fact<DateTimeOffset?> FenceLiftedAt { get; init; } = Fact.Seen<DateTimeOffset?>(null);

    /// <summary>Null where the move is not to be planned, but made.</summary>
    public Fact<PlanFacts>? Plan { get; init; }

    /// <summary>As <see cref="MigrationWorld.IsAsked"/>.</summary>
    public bool IsAsked { get; init; }

    /// <summary>Exact once a receipt stands; before that what the workers last said.</summary>
    public MigrationProgress? Progress => Receipt.ForDisplay() is { } found
        ? Numbers(found.Receipt.Versions + found.Receipt.DeleteMarkers,
            found.Receipt.Versions + found.Receipt.DeleteMarkers, found.Receipt.Bytes, found.Receipt.Bytes) with
        {
            FinishedAt = Seconds(found.Receipt.FinishedAt),
        }
        : Shown is { } run
            ? Numbers(run.ObjectsTotal, run.ObjectsCopied, run.BytesTotal, run.BytesCopied) with
            {
                StartedAt = run.StartedAt is { } at ? Seconds(at) : null,
                EstimatedFinish = run.EstimatedFinish is { } finish ? Seconds(finish) : null,
            }
            : null;

    private static MigrationProgress Numbers(long total, long copied, long bytes, long bytesCopied) => new()
    {
        ObjectsTotal = total,
        ObjectsCopied = copied,
        BytesTotal = bytes,
        BytesCopied = bytesCopied,
    };

    private static DateTimeOffset Seconds(DateTimeOffset time) =>
        new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);
}
