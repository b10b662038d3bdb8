using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>Status is written in one place, for people;
/// deleting it from every object would change nothing but the display.</summary>
public sealed partial class StatusTests
{
    /// <summary>What looks, decides and acts; a condition's or a response's own Status is not an object's.</summary>
    [Fact]
    public void Nothing_that_decides_reads_the_status_of_an_object() =>
        SourceTree.In("ByokOperator").Where(file => Deciding().IsMatch(file.Name))
            .SelectMany(file => file.All<MemberAccessExpressionSyntax>()
                .Where(access =>
                    access.Name.Identifier.ValueText == "Status" && !IsOther().IsMatch(access.Expression.ToString())
                        && !IsOfAnAnswer(access))
                .Select(access => $"{file.At(access)} {access}"))
            .ShouldBeEmpty();

    [Fact]
    public void Status_is_applied_in_one_place() =>
        SourceTree.In("ByokOperator").Where(file => file.All<InvocationExpressionSyntax>()
                .Any(call =>
                    call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ApplyStatusAsync"
                        or "ApplyStatus" or "PatchStatusAsync" }))
            .Select(file => file.Path).Count().ShouldBeLessThanOrEqualTo(1);

    [Fact]
    public void A_printed_phase_is_not_read() =>
        SourceTree.Operator.SelectMany(file => file.All<MemberAccessExpressionSyntax>()
                .Where(access => access.ToString().EndsWith(".Status.Phase", StringComparison.Ordinal))
                .Select(access => file.At(access)))
            .ShouldBeEmpty();

    /// <summary>The apiserver's own Status, as in <c>refused.Status.IsConflict</c>.</summary>
    private static bool IsOfAnAnswer(MemberAccessExpressionSyntax access) =>
        access.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var asked }
            && asked.StartsWith("Is", StringComparison.Ordinal);

    [GeneratedRegex(
        "(World|Ladder|Ladders|Observer|Look|Verdict|Judgement|Plan|Acts|Act|Triggers|Rules|Conflicts)\\.cs$")]
    private static partial Regex Deciding();

    [GeneratedRegex("(?i)(condition|response|answer|job|pod|rung|report|exception|failure|problem)[A-Za-z]*[?!]?$")]
    private static partial Regex IsOther();
}
