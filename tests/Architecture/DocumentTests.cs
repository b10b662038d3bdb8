using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>Documents point to what is there, and leave out no field.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Links_lead_somewhere() =>
        Documents()
            .SelectMany(path =>
                Link().Matches(InCode().Replace(File.ReadAllText(path), ""))
                    .Select(link => (Path: path, Target: link.Groups[1].Value)))
            .Where(one => !one.Target.Contains("://", StringComparison.Ordinal) && !one.Target.StartsWith('#'))
            .Where(one => !Path.Exists(Path.Combine(Path.GetDirectoryName(one.Path)!, one.Target.Split('#')[0])))
            .Select(one => $"{Path.GetRelativePath(SourceTree.Root, one.Path)} → {one.Target}").ShouldBeEmpty();

    [Theory]
    [InlineData("tenantencryptionkeys.yaml", "keys-and-stores.md")]
    [InlineData("encryptedstores.yaml", "keys-and-stores.md")]
    [InlineData("tenants.yaml", "tenants.md")]
    public void The_contract_in_words_names_every_field(string file, string page)
    {
        var contract = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", page));
        Field().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "crds", file)))
            .Select(field => field.Groups[1].Value).Except(Structure)
            .Where(field => !Regex.IsMatch(contract, $@"\b{field}\b")).ShouldBeEmpty();
    }

    [Fact]
    public void The_contract_in_words_names_every_condition_and_every_reason_of_the_ladders()
    {
        var contract =
            string.Concat(Contracts.Select(page => File.ReadAllText(Path.Combine(SourceTree.Root, "docs", page))));
        SourceTree.In("ByokOperator").Where(file => file.Name.EndsWith("Ladder.cs", StringComparison.Ordinal))
            .SelectMany(file => file.All<BaseObjectCreationExpressionSyntax>())
            .Where(made =>
                made is ImplicitObjectCreationExpressionSyntax
                    || made.ToString().StartsWith("new Finding.", StringComparison.Ordinal)
                    || made.ToString().StartsWith("new Rung", StringComparison.Ordinal))
            .Select(made => made.ArgumentList?.Arguments.FirstOrDefault()?.Expression)
            .OfType<LiteralExpressionSyntax>().Select(word => word.Token.ValueText)
            .Where(word => CamelCase().IsMatch(word) && !contract.Contains($"`{word}`", StringComparison.Ordinal))
            .Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void Files_named_in_backticks_exist() =>
        Documents().SelectMany(path => File.ReadLines(path)
                .SelectMany(line => PathInCode().Matches(line).Select(found => found.Groups[1].Value))
                .Where(named => !Path.Exists(Path.Combine(SourceTree.Root, named)))
                .Select(named => $"{Path.GetRelativePath(SourceTree.Root, path)} → {named}"))
            .Distinct().ShouldBeEmpty();

    /// <summary>No claim without a test: whatever looks like one on that page is a class, or a method of one.</summary>
    [Fact]
    public void The_security_page_names_tests_that_are_there()
    {
        var page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "security.md"));
        var there = SourceTree.Tests.SelectMany(file => file.All<MemberDeclarationSyntax>()).Select(NameOf).ToHashSet();
        TestName().Matches(page).Select(name => name.Groups[1].Value).Where(name => !there.Contains(name)).Distinct()
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_claim_on_the_security_page_names_a_test()
    {
        var lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "security.md"));
        var claims = lines.Index().Where(line => line.Item.EndsWith("| shown by |", StringComparison.Ordinal))
            .SelectMany(head => lines.Skip(head.Index + 2).TakeWhile(line => line.StartsWith('|'))).ToList();
        claims.Count.ShouldBeGreaterThan(30);
        claims.Where(row => !TestName().IsMatch(row.Split('|')[^2])).ShouldBeEmpty();
    }

    private static string? NameOf(MemberDeclarationSyntax member) => member switch
    {
        ClassDeclarationSyntax type => type.Identifier.ValueText,
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        _ => null,
    };

    private static readonly string[] Contracts = ["keys-and-stores.md", "tenants.md"];

    /// <summary>Of the schema language and of metav1.Condition, not of the kinds.</summary>
    private static readonly string[] Structure =
    [
        "description", "type", "items", "properties", "additionalProperties", "lastTransitionTime", "reason", "message",
        "apiVersion", "kind", "metadata", "spec", "status",
    ];

    private static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(SourceTree.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "docs"), "*.md"))
            .Concat(Folders.Where(folder => Directory.Exists(Path.Combine(SourceTree.Root, folder)))
                .SelectMany(folder =>
                    Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.md",
                        SearchOption.AllDirectories)));

    private static readonly string[] Folders = ["examples", "charts", "integrations"];

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    /// <summary>Patterns stand there, which look like links.</summary>
    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex InCode();

    [GeneratedRegex("`([A-Za-z]+(?:Tests|Stories|Fuzz|Escapes)|[A-Z][a-z]*(?:_[A-Za-z]+){3,})`")]
    private static partial Regex TestName();

    [GeneratedRegex("^[A-Z][A-Za-z]+$")]
    private static partial Regex CamelCase();

    /// <summary>A property of the schema: a name alone on its line, deep inside.</summary>
    [GeneratedRegex(@"^ {16,}([a-z][A-Za-z]+):\s*$", RegexOptions.Multiline)]
    private static partial Regex Field();

    [GeneratedRegex(@"`((?:operator|tests|crds|docs|examples|charts|integrations)/[A-Za-z0-9_./-]+\.[a-z]+)`")]
    private static partial Regex PathInCode();
}
