using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>Who installs without Helm runs the same pods: what the manifests say of them, the chart's defaults say too.</summary>
[Trait("Server", "helm")]
public sealed class PodTests
{
    private static readonly string[] OfThePod = ["serviceAccountName", "terminationGracePeriodSeconds", "securityContext", "volumes"];

    private static readonly string[] OfTheContainer = ["name", "ports", "startupProbe", "livenessProbe", "readinessProbe", "resources", "securityContext", "volumeMounts"];

    [Theory]
    [InlineData("operator", "default")]
    [InlineData("import-api", "everything")]
    public async Task The_pods_of_the_manifests_are_those_of_the_chart(string folder, string name)
    {
        var written = One(Yaml.Parse((await Helm.KubectlAsync("kustomize", Repository.PathTo("examples", "manifests", folder))).Require()), "Deployment");
        var one = new ChartCase("byok-operator", name);
        var rendered = One(
            await Helm.ObjectsAsync(one.Chart, one.Values, "--set", "image.digest=,importApi.tls.certManager.enabled=false,importApi.tls.secretName=byok-import-tls,wrapping.name=platform,telemetry.otlpEndpoint="),
            "Deployment", (string)written["metadata"]!["name"]!);
        foreach (var (pod, fields) in ((JsonNode Of, string[] Fields)[])[(written["spec"]!["template"]!["spec"]!, OfThePod), (Container(written), OfTheContainer)])
        {
            var ours = fields == OfThePod ? rendered["spec"]!["template"]!["spec"]! : Container(rendered);
            foreach (var field in fields)
            {
                JsonNode.DeepEquals(ours[field], pod[field]).ShouldBeTrue($"{folder}, {field}: {ours[field]?.ToJsonString()} and {pod[field]?.ToJsonString()}");
            }
        }

        ((long?)rendered["spec"]!["replicas"]).ShouldBe((long?)written["spec"]!["replicas"]);
        JsonNode.DeepEquals(rendered["spec"]!["strategy"], written["spec"]!["strategy"]).ShouldBeTrue();
        Texts(written, "args").Except(Texts(rendered, "args")).ShouldBeEmpty();
        Container(written)["env"]!.AsArray().Select(variable => (string)variable!["name"]!)
            .Except(Container(rendered)["env"]!.AsArray().Select(variable => (string)variable!["name"]!)).ShouldBe(folder == "operator" ? ["BYOK_IMAGE"] : []); // the chart says --image
    }

    private static JsonNode Container(JsonNode deployment) => deployment["spec"]!["template"]!["spec"]!["containers"]![0]!;

    private static IEnumerable<string> Texts(JsonNode deployment, string field) => Container(deployment)[field]!.AsArray().Select(one => (string)one!);

    private static JsonNode One(IEnumerable<JsonNode> objects, string kind, string? name = null) =>
        objects.Single(one => (string?)one["kind"] == kind && (name is null || (string?)one["metadata"]!["name"] == name));
}
