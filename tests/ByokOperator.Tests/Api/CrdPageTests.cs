using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

/// <summary>docs/reference.md shows the definitions in crds/ as they are.
/// <c>UPDATE_GOLDEN=1</c> writes it anew.</summary>
public sealed partial class CrdPageTests
{
    private const string Head =
        """
        # Reference: the kinds

        Made from `crds/`, which the API server enforces; a test holds this page to it. What each field does, how soon, and what conditions say:
        [keys-and-stores.md](keys-and-stores.md) and [tenants.md](tenants.md). Metrics and alerts: [metrics.md](metrics.md). Values of the chart:
        [charts/byok-operator](../charts/byok-operator/README.md). Flags: `byok-operator COMMAND --help`. What is refused is refused at apply, with the sentence that
        stands here below the field.


        """;

    private static readonly string[] Files = ["tenants.yaml", "tenantencryptionkeys.yaml", "encryptedstores.yaml"];

    [Fact]
    public void The_reference_shows_the_definitions()
    {
        var wanted = Head + string.Concat(Files.Select(file => CrdPage.Of(Crd(file)))).TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(PagePath, wanted);
        }

        File.ReadAllText(PagePath).ShouldBe(wanted);
    }

    /// <summary>Counted in the text of the definitions, since the page is made by a walk of its own.</summary>
    [Fact]
    public void No_rule_of_a_definition_is_left_out()
    {
        var page = File.ReadAllText(PagePath);
        foreach (var file in Files)
        {
            var messages = Message().Matches(File.ReadAllText(Repository.PathTo("crds", file)));
            messages.Count.ShouldBeGreaterThan(5);
            messages.Select(match =>
                match.Groups[1].Value.Trim('"').Replace("\\\"", "\"", StringComparison.Ordinal)
                    .Replace("<", "&lt;", StringComparison.Ordinal)
                    .Replace("|", "\\|", StringComparison.Ordinal))
                        .Where(message => !page.Contains(message, StringComparison.Ordinal)).ShouldBeEmpty();
        }
    }

    private static string PagePath => Repository.PathTo("docs", "reference.md");

    private static JsonObject Crd(string file) =>
        Yaml.Parse(File.ReadAllText(Repository.PathTo("crds", file))).Single().AsObject();

    [GeneratedRegex("^ +message: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Message();
}
