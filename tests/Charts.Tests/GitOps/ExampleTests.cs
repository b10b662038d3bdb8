using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace Charts.Tests.GitOps;

/// <summary>What the page says of the examples, and what the examples say to each other.</summary>
public sealed class ExampleTests
{
    [Theory]
    [InlineData("tenant", "key.yaml")]
    [InlineData("tenant", "store.yaml")]
    [InlineData("tenant-azure", "key.yaml")]
    [InlineData("tenant-azure", "store.yaml")]
    public void A_key_and_a_store_outlive_pruning_and_the_Application(string folder, string file)
    {
        var annotations = Yaml.Parse(File.ReadAllText(Repository.PathTo("examples", "manifests", folder, file)))
            .Single()["metadata"]!["annotations"]!;
        var page = File.ReadAllText(Repository.PathTo("docs", "gitops.md"));
        foreach (var (name, value) in annotations.AsObject())
        {
            page.ShouldContain($"| `{name}: {value}` |");
        }

        annotations.AsObject().Count.ShouldBe(3);
    }

    /// <summary>A wave waits for the health of the one before, and holds up whatever commit comes meanwhile.</summary>
    [Fact]
    public void Waves_stand_on_Applications_alone()
    {
        string[] folders =
            [Repository.PathTo("integrations"), Repository.PathTo("examples"), Repository.PathTo("charts")];
        folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories))
            .Where(path => File.ReadAllText(path).Contains("argocd.argoproj.io/sync-wave", StringComparison.Ordinal))
            .Select(path => Path.GetFileName(path)).ShouldBe(["applications.yaml"]);
        Integration("argocd", "applications.yaml").Select(one => (string?)one["kind"]).Distinct()
            .ShouldBe(["Application"]);
    }

    /// <summary>Their values are checked by helm itself: see the cases.</summary>
    [Fact]
    [Trait("Server", "helm")]
    public async Task The_values_of_the_examples_are_taken_by_the_charts()
    {
        var ofArgo = Integration("argocd", "applications.yaml")
            .Where(one => one["spec"]!["source"]!["helm"] is not null)
            .Select(one =>
                ((string)one["spec"]!["source"]!["helm"]!["releaseName"]!,
                    one["spec"]!["source"]!["helm"]!["valuesObject"]!));
        var ofFlux = Integration("flux", "operator.yaml").Where(one => (string?)one["kind"] == "HelmRelease")
            .Select(one => ((string)one["spec"]!["releaseName"]!, one["spec"]!["values"]!));
        var all = ofArgo.Concat(ofFlux).ToList();
        all.Count.ShouldBe(4);
        foreach (var (chart, values) in all)
        {
            var file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, values.ToJsonString(), TestContext.Current.CancellationToken);
            (await Helm.ObjectsAsync(chart, file)).ShouldNotBeEmpty();
            File.Delete(file);
        }
    }

    private static IReadOnlyList<JsonNode> Integration(string folder, string file) =>
        Yaml.Parse(File.ReadAllText(Repository.PathTo("integrations", folder, file)));
}
