using System.Text.Json.Nodes;
using Cluster.Tests.Primitives;
using LocalCloud;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Stories;

/// <summary>Workloads by their subresource scale, and a namespace that the operator was put out of,
/// under the API server's own authorizer.</summary>
[Collection(AloneOnTheCluster.Name)]
[Trait("Server", "kubernetes")]
public sealed class WorkloadRightsTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    [Fact]
    public async Task Workloads_stand_still_while_the_store_is_closed_and_as_many_run_again()
    {
        await using var cloud = await LocalCloudServer.StartAsync();
        await using var space = await cluster.NamespaceAsync("workloads");
        foreach (var (kind, more) in (IEnumerable<(string, string)>)[("Deployment", ""),
            ("StatefulSet", "serviceName: app,")])
        {
            await cluster.Administrator.ApplyAsync($$"""
                apiVersion: apps/v1
                kind: {{kind}}
                metadata: {name: app, namespace: {{space.Name}}, labels: {byok.dev/uses: store} }
                spec: { {{more}} replicas: 2, selector: {matchLabels: {app: "{{kind}}" } }, template: {metadata: {labels: {app: "{{kind}}" } }, spec: {containers: [{name: app, image: "{{RealCluster.ShellImage}}", command: [sleep, "3600"]} ] } } }
                """);
        }

        await using var replica = cluster.StartOperator(cloud, image: "none");
        var tenant = new TenantScene(cluster, cloud, space.Name);
        await tenant.ApplyAsync(more: ", workloads: {selector: {matchLabels: {byok.dev/uses: store}}}");
        await tenant.UntilOpenAsync();
        cloud.Admin.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilClosedAsync();
        await UntilAsync(0);
        cloud.Admin.SetKeyState(tenant.KeyArn, "Enabled");
        await tenant.UntilOpenAsync();
        await UntilAsync(2);

        Task UntilAsync(int replicas) => Until.HoldsAsync($"{replicas} of each run", async () =>
        {
            var all = (await cluster.Administrator.GetAsync("-n", space.Name,
                "deployments,statefulsets"))["items"]!.AsArray();
            return all.Count == 2 && all.All(one => (int)one!["spec"]!["replicas"]! == replicas) ? null
                : all.ToJsonString();
        });
    }

    [Fact]
    public async Task A_namespace_without_the_rolebinding_is_told_the_command_and_its_cloud_is_closed_all_the_same()
    {
        await using var cloud = await LocalCloudServer.StartAsync();
        await using var space = await cluster.NamespaceAsync("putout");
        await using var replica = cluster.StartOperator(cloud, image: "none");
        var tenant = new TenantScene(cluster, cloud, space.Name);
        await tenant.ApplyAsync();
        await tenant.UntilOpenAsync();
        await cluster.Administrator.RunAsync("-n", space.Name, "delete", "rolebinding", "byok-operator-tenant");
        cloud.Admin.SetKeyState(tenant.KeyArn, "Disabled");
        await tenant.UntilAsync("the bucket is denied and the command is told",
            status =>
                AwsScene.IsTrue(status, "TargetDenied") && (string?)status["availability"] == "Closing"
                    && Stalled(status) is { } told
                    && told.Contains($"kubectl -n {space.Name} create rolebinding byok-operator-tenant",
                        StringComparison.Ordinal));
        (await tenant.IsListedAsync()).ShouldBeFalse();

        await cluster.Administrator.RunAsync(
            "-n", space.Name, "create", "rolebinding", "byok-operator-tenant", "--clusterrole=byok-operator-tenant",
            $"--serviceaccount={OperatorManifests.Namespace}:{OperatorManifests.Account}");
        await tenant.UntilClosedAsync();
    }

    private static string? Stalled(JsonNode status) =>
        (string?)status["conditions"]?.AsArray().SingleOrDefault(one => (string?)one!["type"] == "Stalled")?["message"];
}
