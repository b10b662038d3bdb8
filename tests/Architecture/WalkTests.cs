using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>CONTRIBUTING's walks through the code lead from type to type that is there.</summary>
public sealed partial class WalkTests(ITestOutputHelper output)
{
    private const string Title = "## Four walks";

    [Fact]
    public void Every_type_of_a_walk_is_there()
    {
        var there = SourceTree.Operator.SelectMany(file => file.All<BaseTypeDeclarationSyntax>())
            .Select(type => type.Identifier.ValueText).ToHashSet();
        var walks = File.ReadLines(Path.Combine(SourceTree.Root, "CONTRIBUTING.md"))
            .SkipWhile(line => line != Title).Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.Contains('→', StringComparison.Ordinal)).ToList();
        walks.Count.ShouldBe(4);
        foreach (var walk in walks)
        {
            output.WriteLine(walk);
            InCode().Count(walk).ShouldBeGreaterThan(10);
        }

        walks.SelectMany(walk => InCode().Matches(walk)).Select(found => found.Groups[1].Value)
            .Where(type => !there.Contains(type)).Distinct().ShouldBeEmpty();
    }

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex InCode();
}
