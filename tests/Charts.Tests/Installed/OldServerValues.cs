using System.Text.Json.Nodes;
using Cluster.Tests.Primitives;
using LocalCloud;

namespace Charts.Tests.Installed;

/// <summary>What the operator's chart is told for the cluster of the tests,
/// whose only cloud listens on the node itself.</summary>
internal static class OldServerValues
{
    private const string Secret = "byok-chart-aws";

    /// <summary>One replica on the node's network, where the cloud of the test listens; no budget, which servers before
    /// 1.21 don't serve in this version.</summary>
    public static async Task<JsonObject> OfAsync(Kubectl kubectl, LocalCloudServer cloud)
    {
        var (image, port) = (RealCluster.OperatorImage.Split(':'), LoopbackPort.Free());
        var nodes = await kubectl.GetAsync("nodes");
        var address = nodes["items"]![0]!["status"]!["addresses"]!.AsArray()
            .Single(one => (string?)one!["type"] == "InternalIP")!["address"]!;
        return new JsonObject
        {
            ["image"] = new JsonObject { ["repository"] = image[0], ["tag"] = image[1], ["pullPolicy"] = "Never" },
            ["operator"] = new JsonObject
            {
                ["replicas"] = 1, ["hostNetwork"] = true, ["leaseDuration"] = "5s",
                ["podDisruptionBudget"] = new JsonObject { ["enabled"] = false },
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "10m" } },
            },
            ["copy"] = new JsonObject { ["hostNetwork"] = true, ["cpu"] = "10m" },
            ["aws"] = new JsonObject
            {
                ["region"] = AwsScene.Region, ["identity"] = "Secret", ["credentialsSecret"] = Secret,
                ["operatorRole"] = LocalCloudAccounts.OperatorRole,
                ["endpoints"] = new JsonObject { ["all"] = cloud.Url.AbsoluteUri },
            },
            ["metrics"] = new JsonObject { ["port"] = port },
            ["tests"] =
                new JsonObject { ["image"] = RealCluster.ShellImage, ["address"] = $"{(string)address!}:{port}" },
        };
    }

    /// <summary>The credentials that the values name, and the namespace that they stand in.</summary>
    public static async Task ApplySecretAsync(Kubectl kubectl)
    {
        await kubectl.TryAsync("create", "namespace", OperatorManifests.Namespace);
        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: {{Secret}}, namespace: {{OperatorManifests.Namespace}}}
            stringData: {AWS_ACCESS_KEY_ID: {{LocalCloudAccounts.OperatorAccessKey}}, AWS_SECRET_ACCESS_KEY: {{LocalCloudAccounts.OperatorSecret}}}
            """);
    }

    public static Task DeleteSecretAsync(Kubectl kubectl) =>
        kubectl.TryAsync("delete", "-n", OperatorManifests.Namespace, $"secret/{Secret}");
}
