using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>Who installs without Helm runs the same pods: what the manifests say of them,
/// the chart's defaults say too.</summary>
[Trait("Server", "helm")]
public sealed class PodTests
{
    private static readonly string[] OfThePod =
        ["serviceAccountName", "terminationGracePeriodSeconds", "securityContext", "volumes"];

    private static readonly string[] OfTheContainer = ["name", "ports", "startupProbe", "livenessProbe",
        "readinessProbe", "resources", "securityContext", "volumeMounts"];

    [Theory]
    [InlineData("operator", "default")]
    [InlineData("operator", "default", "reviewed-metrics")]
    [InlineData("import-api", "everything")]
    [InlineData("import-api", "everything", "reviewed-metrics")]
    public async Task The_pods_of_the_manifests_are_those_of_the_chart(
        string folder, string name, params string[] components)
    {
        var written = One(Yaml.Parse(await Overlay.RenderAsync(folder, components)), "Deployment");
        var metrics = components is []
            ? "metrics.apart.enabled=false,metrics.apart.tlsSecret=,metrics.apart.tokenReview=false"
            : "metrics.apart.enabled=true,metrics.apart.port=8444,metrics.apart.tlsSecret=byok-metrics-tls,metrics.apart.tokenReview=true";
        var one = new ChartCase("byok-operator", name);
        var rendered = One(
            await Helm.ObjectsAsync(one.Chart, one.Values, "--set",
                "image.digest=,importApi.tls.certManager.enabled=false,importApi.tls.secretName=byok-import-tls,wrapping.name=platform,telemetry.otlpEndpoint=", "--set", metrics),
            "Deployment", (string)written["metadata"]!["name"]!);
        foreach (var (pod, fields) in ((JsonNode Of, string[] Fields)[])
        [
            (written["spec"]!["template"]!["spec"]!, OfThePod),
            (Container(written), OfTheContainer),
        ])
        {
            var ours = fields == OfThePod ? rendered["spec"]!["template"]!["spec"]! : Container(rendered);
            foreach (var field in fields)
            {
                JsonNode.DeepEquals(Ordered(ours[field]), Ordered(pod[field]))
                    .ShouldBeTrue($"{folder}, {field}: {ours[field]?.ToJsonString()} and {pod[field]?.ToJsonString()}");
            }
        }

        ((long?)rendered["spec"]!["replicas"]).ShouldBe((long?)written["spec"]!["replicas"]);
        JsonNode.DeepEquals(rendered["spec"]!["strategy"], written["spec"]!["strategy"]).ShouldBeTrue();
        Texts(written, "args").Except(Texts(rendered, "args")).ShouldBeEmpty();
        Container(written)["env"]!.AsArray().Select(variable => (string)variable!["name"]!)
            // the chart says --image
            .Except(Container(rendered)["env"]!.AsArray().Select(variable => (string)variable!["name"]!))
            .ShouldBe(folder == "operator" ? ["BYOK_IMAGE"] : []);
    }

    /// <summary>Kustomize puts what a component adds to a list before what stood there.</summary>
    private static JsonNode? Ordered(JsonNode? field) => field is JsonArray list
        ? new JsonArray(
            [.. list.OrderBy(one => (string?)one!["name"], StringComparer.Ordinal).Select(one => one!.DeepClone())])
        : field;

    private static JsonNode Container(JsonNode deployment) =>
        deployment["spec"]!["template"]!["spec"]!["containers"]![0]!;

    private static IEnumerable<string> Texts(JsonNode deployment, string field) =>
        Container(deployment)[field]!.AsArray().Select(one => (string)one!);

    private static JsonNode One(IEnumerable<JsonNode> objects, string kind, string? name = null) =>
        objects.Single(one =>
            (string?)one["kind"] == kind && (name is null || (string?)one["metadata"]!["name"] == name));
}
