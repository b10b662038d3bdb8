using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>
/// One truth for those with Helm and those without: what examples/manifests installs is what the chart does by default,
/// object by object. Rights and kinds are the same files; of the rest nothing may differ but labels,
/// and flags that say a default once more.
/// </summary>
[Trait("Server", "helm")]
public sealed class ManifestTests
{
    /// <summary>Made by Helm itself, only of use with it, or installed by a command of its own without it.</summary>
    private static readonly string[] OfTheChartAlone =
        ["Service/byok-operator", "Service/byok-import-metrics", "Pod/byok-test"];

    private static readonly string[] OfHelm = ["app.kubernetes.io/instance", "app.kubernetes.io/managed-by",
        "app.kubernetes.io/version", "app.kubernetes.io/part-of", "helm.sh/chart"];

    [Theory]
    [InlineData("operator")]
    [InlineData("import-api", "--set", "importApi.enabled=true,importApi.tls.secretName=byok-import-tls")]
    public async Task What_the_manifests_install_is_what_the_chart_installs(string folder, params string[] values)
    {
        var charted = (await Helm.ObjectsAsync("byok-operator", null, values)).Select(Manifest.Of).ToDictionary(Named);
        var written = Yaml.Parse(
            (await Helm.KubectlAsync("kustomize", "--load-restrictor", "LoadRestrictionsNone",
                Repository.PathTo("examples", "manifests", folder))).Require()).Select(Manifest.Of).ToList();
        written.Count.ShouldBeGreaterThan(5);
        foreach (var manifest in written.Where(one => Named(one) != "Namespace/byok-system"))
        {
            charted.ShouldContainKey(Named(manifest));
            JsonNode.DeepEquals(Bare(manifest.Content), Bare(charted[Named(manifest)].Content))
                .ShouldBeTrue(
                    $"{Named(manifest)}\nmanifests: {Bare(manifest.Content).ToJsonString()}\nchart:     "
                        + $"{Bare(charted[Named(manifest)].Content).ToJsonString()}");
        }
    }

    [Fact]
    public async Task The_chart_installs_nothing_that_the_manifests_lack()
    {
        var names = new HashSet<string>();
        foreach (var folder
            in (string[])["examples/manifests/operator", "examples/manifests/import-api", "crds/admission"])
        {
            names.UnionWith(
                Yaml.Parse(
                    (await Helm.KubectlAsync("kustomize", "--load-restrictor", "LoadRestrictionsNone",
                        Repository.PathTo(folder.Split('/')))).Require()).Select(Manifest.Of).Select(Named));
        }

        (await Helm.ObjectsAsync("byok-operator", null, "--set",
            "importApi.enabled=true,importApi.tls.secretName=byok-import-tls")).Select(Manifest.Of).Select(Named)
            .Except(names).Order(StringComparer.Ordinal).ShouldBe(OfTheChartAlone.Order(StringComparer.Ordinal));
    }

    private static string Named(Manifest manifest) => $"{manifest.Kind}/{manifest.Name}";

    /// <summary>Without labels of Helm and Kustomize, and without what the two say in other words: flags with their
    /// defaults, and the variables that stand for them.</summary>
    private static JsonNode Bare(JsonNode manifest)
    {
        var bare = Unlabelled(manifest.DeepClone());
        bare["metadata"]!.AsObject().Remove("annotations");
        if (bare["spec"]?["type"] is JsonValue type && (string?)type == "ClusterIP")
        {
            bare["spec"]!.AsObject().Remove("type");
        }

        if (bare["spec"]?["template"]?["spec"]?["containers"]?[0] is JsonObject container)
        {
            foreach (var word in (string[])["args", "env", "envFrom", "imagePullPolicy"])
            {
                container.Remove(word);
            }
        }

        return bare;
    }

    private static JsonNode Unlabelled(JsonNode node)
    {
        foreach (var child in node is JsonObject fields ? [.. fields.Select(field => field.Value)]
            : node is JsonArray items ? (JsonNode?[])[.. items] : [])
        {
            if (child is not null)
            {
                Unlabelled(child);
            }
        }

        if (node is JsonObject labelled)
        {
            foreach (var label in OfHelm)
            {
                labelled.Remove(label);
            }

            if (labelled["labels"] is JsonObject labels)
            {
                labels.Remove("app.kubernetes.io/name");
                if (labels.Count == 0)
                {
                    labelled.Remove("labels");
                }
            }
        }

        return node;
    }
}
