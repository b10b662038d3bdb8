using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>A ladder that proposes what nobody performs would climb for ever.</summary>
public sealed class ActTests
{
    [Fact]
    public void Every_act_is_performed_somewhere()
    {
        var performed = SourceTree.In("ByokOperator").SelectMany(TypesMatchedIn).ToHashSet();
        Acts().Where(act => !performed.Contains(act.Name)).Select(act => act.Where).ShouldBeEmpty();
    }

    [Fact]
    public void Every_act_is_proposed_somewhere()
    {
        var made = SourceTree.In("ByokOperator").SelectMany(file => file.All<ObjectCreationExpressionSyntax>())
            .Select(made => LastName(made.Type)).ToHashSet();
        Acts().Where(act => !made.Contains(act.Name)).Select(act => act.Where).ShouldBeEmpty();
    }

    /// <summary>Leaves of the tree under Act: a closed set is an abstract record with nested sealed ones.</summary>
    private static List<(string Name, string Where)> Acts()
    {
        var records = SourceTree.In("ByokOperator")
            .SelectMany(file => file.All<RecordDeclarationSyntax>().Select(record => (File: file, Record: record)))
            .ToList();
        var families = new HashSet<string> { "Act" };
        for (var before = 0; before != families.Count;)
        {
            before = families.Count;
            families.UnionWith(records.Where(one => BaseNames(one.Record).Any(families.Contains))
                .Select(one => one.Record.Identifier.ValueText));
        }

        return [.. records
            .Where(one =>
                BaseNames(one.Record).Any(families.Contains)
                    && one.Record.Modifiers.Any(word => word.ValueText == "sealed"))
            .Select(one => (one.Record.Identifier.ValueText, one.File.At(one.Record)))];
    }

    private static IEnumerable<string> BaseNames(RecordDeclarationSyntax record) =>
        record.BaseList?.Types.Select(type => LastName(type.Type)) ?? [];

    private static IEnumerable<string> TypesMatchedIn(SourceFile file) =>
        file.All<DeclarationPatternSyntax>().Select(pattern => LastName(pattern.Type))
            .Concat(file.All<RecursivePatternSyntax>().Where(pattern => pattern.Type is not null)
                .Select(pattern => LastName(pattern.Type!)))
            .Concat(file.All<TypePatternSyntax>().Select(pattern => LastName(pattern.Type)))
            .Concat(file.All<CaseSwitchLabelSyntax>().Select(label => label.Value.ToString().Split('.')[^1]))
            .Concat(file.All<ConstantPatternSyntax>().Select(pattern => pattern.Expression.ToString().Split('.')[^1]));

    private static string LastName(TypeSyntax type) => type.ToString().Split('.')[^1].Split('<', '(')[0];
}
