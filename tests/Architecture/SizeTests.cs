using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>What one can hold in one's head. Prints the largest of each, for the review.</summary>
public sealed class SizeTests(ITestOutputHelper output)
{
    private const int MaxFileLines = 250;
    private const int MaxFunctionLines = 60;
    private const int SmallFileLines = 20;
    private const int MaxConstructorParameters = 5;

    [Fact]
    public void No_file_is_longer_than_250_lines() =>
        Largest("largest file, lines", MaxFileLines, SourceTree.Operator.Select(file => (file.Path, file.LineCount)));

    [Fact]
    public void No_function_is_longer_than_60_lines() =>
        Largest("longest function, lines", MaxFunctionLines, SourceTree.Operator.SelectMany(file =>
            file.All<SyntaxNode>().Where(IsFunction).Select(function => (file.At(function), LinesOf(function)))));

    /// <summary>Of classes; a record's parameters are its data.</summary>
    [Fact]
    public void No_class_takes_more_than_5_parameters() =>
        Largest("most constructor parameters", MaxConstructorParameters, SourceTree.Operator.SelectMany(file =>
            file.All<ConstructorDeclarationSyntax>().Where(one => one.Parent is ClassDeclarationSyntax)
                .Select(one => (file.At(one), one.ParameterList.Parameters.Count))
                .Concat(file.All<ClassDeclarationSyntax>().Where(type => type.ParameterList is not null)
                    .Select(type => (file.At(type), type.ParameterList!.Parameters.Count)))));

    /// <summary>One concept a file, not one type: what a single neighbour uses stands with that neighbour, unless that
    /// has no room for it.</summary>
    [Fact]
    public void A_file_of_20_lines_or_fewer_has_more_than_one_neighbour_that_uses_it()
    {
        var names = SourceTree.Operator.ToDictionary(file => file.Path, file => file.Identifiers);
        var small = SourceTree.Operator.Where(file => file.LineCount <= SmallFileLines && file.Types.Any()).ToList();
        output.WriteLine($"files of {SmallFileLines} lines or fewer: {small.Count} of {names.Count}");
        small.Where(file => !file.Name.EndsWith(".Log.cs", StringComparison.Ordinal))
            .Select(file => (File: file, Users: SourceTree.Operator.Where(other => other.Path != file.Path
                && file.Types.Any(type => names[other.Path].Contains(type.Identifier.ValueText))).ToList()))
            .Where(one => one.Users is [var only] && only.Folder == one.File.Folder
                && only.LineCount + one.File.LineCount <= MaxFileLines)
            .Select(one => $"{one.File.Path} belongs to {one.Users[0].Name}").ShouldBeEmpty();
    }

    private void Largest(string what, int limit, IEnumerable<(string Where, int Size)> found)
    {
        var ordered = found.OrderByDescending(one => one.Size).ToList();
        output.WriteLine($"{what}: {ordered[0].Size} ({ordered[0].Where}), limit {limit}, of {ordered.Count}");
        TestContext.Current.SendDiagnosticMessage($"{what}: {ordered[0].Size} ({ordered[0].Where})");
        ordered.Where(one => one.Size > limit).Select(one => $"{one.Where}: {one.Size}").ShouldBeEmpty();
    }

    private static bool IsFunction(SyntaxNode node) =>
        node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax;

    /// <summary>Without doc comments and attributes above it.</summary>
    private static int LinesOf(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
