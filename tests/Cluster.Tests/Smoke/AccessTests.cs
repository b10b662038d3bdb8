using ByokOperator.Tests.Api;
using Cluster.Tests.Containers;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Smoke;

/// <summary>The manifests install on a real server, and give the operator what they say and no more.</summary>
[Trait("Server", "kubernetes")]
public sealed class AccessTests(AnyCluster any) : IClassFixture<AnyCluster>
{
    private readonly RealCluster cluster = any.Cluster;

    [Theory]
    [InlineData("tenantencryptionkeys.byok.dev")]
    [InlineData("encryptedstores.byok.dev")]
    [InlineData("tenants.byok.dev")]
    public async Task The_kinds_are_served_with_their_status(string kind)
    {
        var definition = await cluster.Administrator.GetAsync($"crd/{kind}");
        definition["status"]!["conditions"]!.AsArray()
            .ShouldContain(condition =>
                (string?)condition!["type"] == "Established" && (string?)condition["status"] == "True");
        definition["spec"]!["versions"]![0]!["subresources"]!["status"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("list", "tenantencryptionkeys.byok.dev", "--all-namespaces")]
    [InlineData("patch", "encryptedstores.byok.dev", "--subresource=status")]
    [InlineData("list", "tenants.byok.dev", "--all-namespaces")]
    [InlineData("patch", "tenants.byok.dev", "--subresource=status")]
    [InlineData("create", "jobs.batch", "--namespace=byok-system")]
    [InlineData("delete", "configmaps", "--namespace=byok-system")]
    [InlineData("patch", "leases.coordination.k8s.io", "--namespace=byok-system")]
    public async Task The_operator_may(string verb, string resource, params string[] where) =>
        (await cluster.Operator.MayAsync([verb, resource, .. where])).ShouldBeTrue();

    [Theory]
    [InlineData("update", "secrets", "--namespace=default")]
    [InlineData("patch", "deployments.apps", "--namespace=default")]
    [InlineData("patch", "statefulsets.apps", "--namespace=default")]
    [InlineData("patch", "cronjobs.batch", "--namespace=default")]
    [InlineData("patch", "jobs.batch", "--namespace=default")]
    [InlineData("create", "jobs.batch", "--namespace=default")]
    [InlineData("create", "secrets", "--namespace=default")]
    [InlineData("patch", "secrets", "--namespace=default")]
    [InlineData("delete", "secrets", "--namespace=default")]
    [InlineData("get", "secrets", "--namespace=default")]
    [InlineData("get", "configmaps", "--namespace=default")]
    [InlineData("list", "deployments.apps", "--namespace=default")]
    [InlineData("list", "namespaces", "--all-namespaces")]
    [InlineData("delete", "namespaces", "--all-namespaces")]
    [InlineData("update", "encryptedstores.byok.dev", "--all-namespaces")]
    [InlineData("patch", "tenants.byok.dev", "--all-namespaces")]
    [InlineData("create", "tenants.byok.dev", "--all-namespaces")]
    [InlineData("patch", "clusterroles.rbac.authorization.k8s.io", "--all-namespaces")]
    public async Task The_operator_may_not(string verb, string resource, string where) =>
        (await cluster.Operator.MayAsync(verb, resource, where)).ShouldBeFalse();

    [Fact]
    public async Task A_key_is_kept_and_seen_by_the_operator()
    {
        await using var space = await cluster.NamespaceAsync("kinds");
        var manifest = await File.ReadAllTextAsync(Repository.PathTo("examples", "manifests", "tenant", "key.yaml"));
        await cluster.Administrator.ApplyAsync(
            manifest.Replace("namespace: acme", $"namespace: {space.Name}", StringComparison.Ordinal));
        (await cluster.Operator.GetAsync("--namespace", space.Name, "tenantencryptionkeys"))["items"]!.AsArray().Count
            .ShouldBe(1);
    }
}
