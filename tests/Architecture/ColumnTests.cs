using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>Lines end where <c>.editorconfig</c> says, so that two files fit beside each other.</summary>
public sealed class ColumnTests(ITestOutputHelper output)
{
    private const int MaxColumns = 120;

    [Fact]
    public void No_line_is_longer_than_120_columns_but_for_a_literal_that_has_it_for_itself()
    {
        var files = SourceTree.Operator.Concat(SourceTree.Tests).Concat(SourceTree.Examples).ToList();
        var longer = files.SelectMany(file => LongerThan(file, MaxColumns).Select(line => (File: file, Line: line)))
            .ToList();
        var wrong = longer.Where(one => !IsOneLiteral(one.File, one.Line) && !IsAddress(one.Line)).ToList();
        output.WriteLine($"{longer.Count} lines of one literal or address are longer, in {files.Count} files");
        wrong.Select(one => $"{one.File.Path}:{one.Line.LineNumber + 1}: {one.Line.Span.Length}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("return 1;", false)]
    [InlineData("return Some.Call(\"text\");", false)]
    [InlineData("\"text\",", true)]
    [InlineData("+ $\"text {hole}\";", true)]
    [InlineData(": $\"text\";", true)]
    public void A_line_is_one_literal_where_it_begins_with_it(string line, bool isLiteral)
    {
        var before = line[0] switch { '+' => "return \"a\"", ':' => "return a ? b", _ => "" };
        SourceFile file = new("a.cs", $"class A {{ object B() {{ {before}\n{line} }} }}");
        IsOneLiteral(file, SourceText.From(file.Text).Lines[1]).ShouldBe(isLiteral);
    }

    /// <summary>What a literal holds beyond its first line is text, not code.</summary>
    private static IEnumerable<TextLine> LongerThan(SourceFile file, int columns)
    {
        var text = SourceText.From(file.Text);
        if (!text.Lines.Any(line => line.Span.Length > columns))
        {
            return [];
        }

        var inside = file.All<ExpressionSyntax>().Where(IsText)
            .Select(literal => text.Lines.GetLinePositionSpan(literal.Span))
            .SelectMany(span => Enumerable.Range(span.Start.Line + 1, span.End.Line - span.Start.Line)).ToHashSet();
        return text.Lines.Where(line => line.Span.Length > columns && !inside.Contains(line.LineNumber));
    }

    private static bool IsOneLiteral(SourceFile file, TextLine line)
    {
        var text = line.ToString();
        var first = file.Syntax.FindToken(line.Start + text.Length - text.TrimStart().Length);
        if (first.Kind() is SyntaxKind.PlusToken or SyntaxKind.ColonToken or SyntaxKind.QuestionToken)
        {
            first = first.GetNextToken();
        }

        return first.Parent is ExpressionSyntax literal && IsText(literal);
    }

    private static bool IsText(ExpressionSyntax node) =>
        node is InterpolatedStringExpressionSyntax
            || node.IsKind(SyntaxKind.StringLiteralExpression) || node.IsKind(SyntaxKind.Utf8StringLiteralExpression);

    private static bool IsAddress(TextLine line) =>
        line.ToString().TrimStart() is ['/', '/', .. var comment]
            && comment.Contains("https://", StringComparison.Ordinal);
}
