using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>The rights that the manifests ask for are those of the kinds that the code speaks of, no more and no less.
/// Verbs are proved on a real cluster.</summary>
public sealed partial class RightsTests
{
    private static readonly string[] Events =
        ["Api", "KubeApi", "Informer", "Of", "ListAsync", "AllAsync", "PartialObject"];

    private static readonly string[] Rights = ["rbac-cluster.yaml", "rbac-tenants.yaml", "rbac-jobs.yaml",
        "rbac-own.yaml", "reviewed-metrics/rbac-metrics.yaml"];

    [Fact]
    public void Every_kind_that_the_operator_speaks_of_is_in_its_rights() =>
        EventDeduplicator().Except(Granted()).ShouldBeEmpty();

    [Fact]
    public void No_right_is_asked_for_that_the_operator_has_no_use_for() =>
        Granted().Except(EventDeduplicator()).ShouldBeEmpty();

    private static HashSet<string> EventDeduplicator()
    {
        var plurals = SourceTree.Operator.SelectMany(file => PluralOf().Matches(file.Text))
            .ToDictionary(found => found.Groups["kind"].Value, found => found.Groups["plural"].Value);
        return [.. SourceTree.Operator.SelectMany(file => file.All<GenericNameSyntax>())
            .Where(name => Events.Contains(name.Identifier.ValueText))
            .SelectMany(name => name.TypeArgumentList.Arguments.OfType<IdentifierNameSyntax>())
            .Select(argument => KindOf(argument.Identifier.ValueText))
            .Where(plurals.ContainsKey).Select(kind => plurals[kind])];
    }

    /// <summary>KubeEvent is the kind Event, NamespaceObject the kind Namespace: those names are taken in C#.</summary>
    private static string KindOf(string type) =>
        type switch { "KubeEvent" => "Event", "NamespaceObject" => "Namespace", _ => type };

    /// <summary>Subresources aside: status and finalizers go with their object.</summary>
    private static HashSet<string> Granted() =>
        [.. Rights
            .SelectMany(file =>
                ResourcesIn()
                    .Matches(
                        File.ReadAllText(Path.Combine(SourceTree.Root, "examples", "manifests", "operator", file))))
            .SelectMany(found => found.Groups[1].Value.Split(", ")).Where(name => !name.Contains('/'))];

    [GeneratedRegex("""new\("[a-z0-9.]*", "v[a-z0-9]+", "(?<kind>[A-Za-z]+)", "(?<plural>[a-z]+)"[,)]""")]
    private static partial Regex PluralOf();

    [GeneratedRegex(@"resources: \[([^\]]+)\]")]
    private static partial Regex ResourcesIn();
}
