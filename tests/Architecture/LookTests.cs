using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>An observer looks. It writes nothing, in a cluster or in a cloud, and tells nobody, not even the other
/// controllers of its process.</summary>
public sealed class LookTests
{
    /// <summary>Verbs of the API client, of the clouds' ports, of records,
    /// of the board and of what people hear.</summary>
    private static readonly HashSet<string> Changes =
    [
        "ApplyAsync", "CreateAsync", "PatchMergeAsync", "PatchAsync", "ReplaceAsync", "DeleteAsync", "ApplyStatusAsync",
        "EditAsync", "EndAsync",
        "PrepareAsync", "AllowAsync", "DenyAsync", "AdoptAsync", "WritePinAsync", "RaiseFenceAsync", "LiftFenceAsync",
        "EmptyDeniedAsync",
        "EnsureGrantAsync", "RevokeGrantAsync", "ImportAsync", "NameAsync", "DeleteMaterialAsync",
        "ScheduleDeletionAsync", "RotateAsync",
        "WriteMarkAsync", "CopyAsync", "DeleteVersionsAsync", "MarkDeletedAsync", "UpdateAsync",
        "Put", "Prove", "Stir", "Remove", "Tell", "Warn", "Enqueue",
    ];

    [Fact]
    public void An_observer_calls_nothing_that_changes_or_tells_anything() =>
        Observers().SelectMany(file => file.All<InvocationExpressionSyntax>()
                .Where(call =>
                    call.Expression is MemberAccessExpressionSyntax access
                        && Changes.Contains(access.Name.Identifier.ValueText))
                .Select(call => $"{file.At(call)} {call.Expression}"))
            .ShouldBeEmpty();

    [Fact]
    public void There_are_observers() => Observers().Count().ShouldBeGreaterThan(6);

    private static IEnumerable<SourceFile> Observers() => SourceTree.In("ByokOperator").Where(file =>
        file.Name.EndsWith("Observer.cs", StringComparison.Ordinal)
            || file.Name is "ProbeRound.cs" or "KeyEnds.cs" or "KeyLiveReads.cs" or "PlanLook.cs" or "RunReader.cs");
}
