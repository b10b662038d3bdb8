using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;

namespace Cluster.Tests.Primitives;

/// <summary>What <c>examples/manifests/operator</c> installs, as kustomize renders it.</summary>
public static class OperatorManifests
{
    public const string Namespace = "byok-system";
    public const string Account = "byok-operator";

    /// <summary>All but what runs: the tests start the operator themselves,
    /// or give the cluster an image of their own.</summary>
    private static readonly string[] Running = ["Deployment", "PodDisruptionBudget"];

    public static async Task<IReadOnlyList<JsonNode>> RenderAsync(Kubectl kubectl) =>
        Yaml.Parse(await kubectl.RunAsync("kustomize", Repository.PathTo("examples", "manifests", "operator")));

    /// <summary>The kinds, the namespace, the accounts and their rights, exactly as a user installs them.</summary>
    public static async Task InstallAccessAsync(Kubectl kubectl)
    {
        var manifests = (await RenderAsync(kubectl)).Where(manifest => !Running.Contains((string?)manifest["kind"]))
            .ToList();
        var definitions = manifests.Where(manifest => (string?)manifest["kind"] == "CustomResourceDefinition").ToList();
        // Servers before 1.25 know no CEL rules. They drop them from a plain apply that nobody checks;
        // a server-side one they refuse.
        (await kubectl.WithInputAsync(List(manifests), "apply", "--validate=false", "-f", "-")).Require();
        foreach (var name in definitions.Select(definition => (string)definition["metadata"]!["name"]!))
        {
            await kubectl.RunAsync("wait", "--for=condition=Established", $"crd/{name}", "--timeout=4m");
        }
    }

    private static string List(IEnumerable<JsonNode> manifests) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "List",
        ["items"] = new JsonArray([.. manifests.Select(manifest => manifest.DeepClone())]),
    }.ToJsonString();
}
