using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Places;
using ByokOperator.Reconciling;

namespace ByokOperator.Migrations;

/// <summary>What one reconcile saw of a move: of the way from the shared place to the store, or back.</summary>
internal sealed record MigrationWorld
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>Names source, target and key. Whatever else changes in the spec,
    /// a receipt for this stays good.</summary>
    public required string Scope { get; init; }

    /// <summary>Names the scope and how it is copied; evidence is named after it.</summary>
    public required string Spec { get; init; }

    public required TimeSpan KeepSourceFor { get; init; }

    /// <summary>A fence without a receipt is lifted after so long,
    /// and raised again no sooner than so long after that.</summary>
    public required TimeSpan FenceTimeout { get; init; }

    /// <summary>When one was last lifted because its time was up; seen as null where none was.</summary>
    public required Fact<DateTimeOffset?> FenceLiftedAt { get; init; }

    /// <summary>Workloads are suspended from before the fence until the switch.</summary>
    public required bool Quiesces { get; init; }

    /// <summary>Writers and workloads are held up in these alone; null where the move waits for none.</summary>
    public MaintenanceCalendar? Windows { get; init; }

    public required Fact<WorkloadState> Workloads { get; init; }

    /// <summary>Whatever becomes of the move, they stand still for another reason.</summary>
    public bool HoldsWorkloads { get; init; }

    public required Fact<SourceFacts> Source { get; init; }

    /// <summary>Seen as null where none stands.</summary>
    public required Fact<ReceiptFacts?> Receipt { get; init; }

    /// <summary>Seen as null where none stands.</summary>
    public required Fact<ServedMark?> Served { get; init; }

    /// <summary>Digest of the receipt that was retired by, to its last entry; seen as null where none was.</summary>
    public required Fact<string?> Retired { get; init; }

    /// <summary>Every copy that left a trace, whatever it is for.</summary>
    public required Fact<IReadOnlyList<CopyFacts>> Copies { get; init; }

    /// <summary>Seen as null where none stands.</summary>
    public required Fact<BindingFacts?> Binding { get; init; }

    /// <summary>What the binding has to say.</summary>
    public required string WantedBinding { get; init; }

    /// <summary>What is counted of the source; null where the move is not to be planned, but made.</summary>
    public Fact<PlanFacts>? Plan { get; init; }

    /// <summary>The source is the store, and the target the shared place.</summary>
    public bool IsReturn { get; init; }

    /// <summary>The source is the store's old bucket, and the target its next one.</summary>
    public bool IsNext { get; init; }

    /// <summary>Somebody asks for a look now, which says that what stood in the way was mended.</summary>
    public bool IsAsked { get; init; }

    public string BulkCopy => $"bulk-{Spec}";

    /// <summary>A delta proves something only about the fence it started behind,
    /// so the fence is part of its name.</summary>
    public string DeltaCopy(string fence) => $"delta-{Spec}-{fence}";
}
