using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>
/// Every reason that a ladder gives and every refusal of an executor is a string that people script against: a test
/// names it, or nobody would notice that it is never given. Lists them, for the review.
/// </summary>
public sealed partial class ReasonTests(ITestOutputHelper output)
{
    /// <summary>What carries a reason as its first word.</summary>
    private static readonly string[] Carriers = ["Stuck", "Lacks", "Pending", "Deferred", "Unseen", "Holds",
        "FenceWait", "FailureWords", "RefusedActException"];

    /// <summary>Servers of the tests' own say such words too.</summary>
    private static readonly string[] OtherTests =
        ["tests/Architecture/", "tests/LocalCloud", "tests/FakeApiServer/", "tests/EmbeddedNode/", "tests/Benchmarks/"];

    [Fact]
    public void A_test_names_every_reason_and_every_refusal()
    {
        var given = Given();
        foreach (var kind in given.GroupBy(one => one.IsRefusal))
        {
            output.WriteLine(
                $"{(kind.Key ? "refusals" : "reasons")}: "
                    + $"{string.Join(' ', kind.Select(one => one.Word).Distinct().Order(StringComparer.Ordinal))}");
        }

        given.Count(one => one.IsRefusal).ShouldBeGreaterThan(40);
        given.Count(one => !one.IsRefusal).ShouldBeGreaterThan(100);
        var named = Named();
        given.Where(one => !named.Contains(one.Word)).Select(one => $"{one.Word} ({one.Where})").ShouldBeEmpty();
    }

    private static List<(string Word, bool IsRefusal, string Where)> Given() =>
    [
        .. from file in SourceTree.Product
           from made in file.All<BaseObjectCreationExpressionSyntax>()
           let carrier = CarrierOf(made)
           where carrier is not null
           from word in WordsOf(made.ArgumentList?.Arguments.FirstOrDefault()?.Expression)
           where CamelCase().IsMatch(word)
           select (word, carrier == "RefusedActException", file.At(made)),
    ];

    /// <summary>A creation without a type is of what its member returns.</summary>
    private static string? CarrierOf(BaseObjectCreationExpressionSyntax made)
    {
        var type = made is ObjectCreationExpressionSyntax named ? named.Type : ReturnedBy(made);
        var last = type?.ToString().TrimEnd('?').Split('.')[^1];
        return Carriers.Contains(last) ? last : null;
    }

    private static TypeSyntax? ReturnedBy(BaseObjectCreationExpressionSyntax made) =>
        made.Ancestors().OfType<MemberDeclarationSyntax>().FirstOrDefault() switch
        {
            MethodDeclarationSyntax method => method.ReturnType,
            PropertyDeclarationSyntax property => property.Type,
            FieldDeclarationSyntax field => field.Declaration.Type,
            _ => null,
        };

    /// <summary>A literal, the value of a constant by its name, or either of two.</summary>
    private static IEnumerable<string> WordsOf(ExpressionSyntax? expression) => expression switch
    {
        LiteralExpressionSyntax literal => [literal.Token.ValueText],
        ConditionalExpressionSyntax either => WordsOf(either.WhenTrue).Concat(WordsOf(either.WhenFalse)),
        ParenthesizedExpressionSyntax inner => WordsOf(inner.Expression),
        IdentifierNameSyntax name => Constants[name.Identifier.ValueText],
        MemberAccessExpressionSyntax access => Constants[access.Name.Identifier.ValueText],
        _ => [],
    };

    private static HashSet<string> Named()
    {
        var tests = SourceTree.Tests.Where(file =>
            !OtherTests.Any(other => file.Path.StartsWith(other, StringComparison.Ordinal))).ToList();
        return
        [
            .. tests.SelectMany(file => file.All<LiteralExpressionSyntax>()).Select(literal => literal.Token.ValueText),
            .. tests.SelectMany(file => file.All<MemberAccessExpressionSyntax>())
                .SelectMany(access => Constants[access.Name.Identifier.ValueText]),
        ];
    }

    private static ILookup<string, string> Constants { get; } = SourceTree.Product
        .SelectMany(file => file.All<FieldDeclarationSyntax>())
        .Where(field => field.Modifiers.Any(word => word.ValueText == "const"))
        .SelectMany(field => field.Declaration.Variables)
        .Where(one => one.Initializer?.Value is LiteralExpressionSyntax)
        .ToLookup(one => one.Identifier.ValueText,
            one => ((LiteralExpressionSyntax)one.Initializer!.Value).Token.ValueText);

    [GeneratedRegex("^[A-Z][A-Za-z]+$")]
    private static partial Regex CamelCase();
}
