using ByokOperator.Cluster;
using ByokOperator.Copies;
using ByokOperator.Migrations;
using ByokOperator.Places;
using ByokOperator.Reconciling;

namespace ByokOperator.Tests.Migrations;

/// <summary>A move of which nothing is done yet, with writes open, to be led on one fact at a time.</summary>
internal static class MoveWorlds
{
    public static MigrationWorld Begun { get; } = new()
    {
        Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
        Scope = "scope",
        Spec = "spec",
        KeepSourceFor = TimeSpan.Zero,
        FenceTimeout = TimeSpan.FromHours(1),
        FenceLiftedAt = Fact.Seen<DateTimeOffset?>(null),
        Quiesces = false,
        Workloads = Fact.Seen(new WorkloadState(0, 0)),
        Source = Fact.Seen(new SourceFacts(Exists: true, IsEmpty: false, Fence: null)),
        Receipt = Fact.Seen<ReceiptFacts?>(null),
        Served = Fact.Seen<ServedMark?>(null),
        Retired = Fact.Seen<string?>(null),
        Copies = Fact.Seen<IReadOnlyList<CopyFacts>>([]),
        Binding = Fact.Seen<BindingFacts?>(null),
        WantedBinding = "b",
    };
}
