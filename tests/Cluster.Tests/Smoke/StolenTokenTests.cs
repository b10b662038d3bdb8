using System.Text;
using Cluster.Tests.Containers;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Smoke;

/// <summary>
/// Somebody has the token of the operator's service account. What he may is what the manifests say, and what follows
/// from it: each line of docs/security.md is tried here.
/// </summary>
[Trait("Server", "kubernetes")]
public sealed class StolenTokenTests(AnyCluster any) : IClassFixture<AnyCluster>
{
    private readonly RealCluster cluster = any.Cluster;

    private const string Bait = "bait-4711";

    private Kubectl Thief => cluster.Operator;

    [Fact]
    public async Task He_may_what_the_manifests_say_and_nothing_else()
    {
        await using var enrolled = await cluster.NamespaceAsync("enrolled");
        var everywhere = GrantedRights.In("operator", "rbac-cluster.yaml");
        (await GrantedRights.AskedAsync(Thief, "kube-system")).ShouldBe(everywhere, ignoreOrder: true);
        (await GrantedRights.AskedAsync(Thief, enrolled.Name))
            .ShouldBe(everywhere.Union(GrantedRights.In("operator", "rbac-tenants.yaml")), ignoreOrder: true);
        (await GrantedRights.AskedAsync(Thief, "default"))
            .ShouldBe(everywhere.Union(["create events.events.k8s.io", "patch events.events.k8s.io"]),
                ignoreOrder: true);
    }

    [Fact]
    public async Task Where_the_platform_did_not_let_the_operator_in_he_reads_no_secret_and_starts_nothing()
    {
        await using var victim = await cluster.NamespaceAsync("victim");
        await PutOutAsync(victim.Name);
        await BaitAsync(victim.Name);
        await RefusedAsync("-n", victim.Name, "get", "secret", "bait", "-o", "yaml");
        await RefusedAsync("-n", victim.Name, "get", "secrets", "-o", "yaml");
        await RefusedAsync("-n", victim.Name, "get", "configmap", "bait", "-o", "yaml");
        await RefusedAsync("get", "secrets", "--all-namespaces", "-o", "yaml");
        await RefusedAsync("-n", victim.Name, "scale", "deployment/app", "--replicas=0");
        await RefusedAsync("-n", "kube-system", "get", "secrets", "-o", "yaml");
    }

    [Fact]
    public async Task Where_it_was_let_in_he_runs_nothing_and_becomes_nobody_else()
    {
        await using var enrolled = await cluster.NamespaceAsync("enrolled");
        await BaitAsync(enrolled.Name);
        var patch =
            """{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"evil"}],"serviceAccountName":"admin"}}}}""";
        await RefusedAsync("-n", enrolled.Name, "get", "secrets", "-o", "yaml");
        await RefusedAsync("-n", enrolled.Name, "patch", "deployment", "app", "--type=strategic", "-p", patch);
        await RefusedAsync("-n", enrolled.Name, "run", "evil", "--image=evil");
        await RefusedAsync("-n", enrolled.Name, "create", "job", "evil", "--image=evil");
        await RefusedAsync("-n", enrolled.Name, "create", "secret", "generic", "key-import",
            "--from-literal=wrappedKey=evil");
        await RefusedAsync("-n", enrolled.Name, "delete", "secret", "bait");
        foreach (var space in (string[])[enrolled.Name, OperatorManifests.Namespace])
        {
            await RefusedAsync("-n", space, "create", "rolebinding", "evil", "--clusterrole=admin",
                $"--serviceaccount={OperatorManifests.Namespace}:{OperatorManifests.Account}");
            await RefusedAsync("-n", space, "create", "token", "default");
            (await Thief.MayAsync("create", "pods", "--subresource=exec", "-n", space)).ShouldBeFalse();
            (await Thief.MayAsync("create", "pods", "-n", space)).ShouldBeFalse();
        }

        await RefusedAsync("create", "clusterrolebinding", "evil", "--clusterrole=cluster-admin",
            $"--serviceaccount={OperatorManifests.Namespace}:{OperatorManifests.Account}");
        await RefusedAsync("get", "secrets", "-n", enrolled.Name, "--as=admin", "--as-group=system:masters");
        await RefusedAsync("patch", "tenants.byok.dev", enrolled.Name, "--type=merge", "-p",
            """{"spec":{"keys":{"awsAccounts":["666666666666"]}}}""");
        (await Thief.MayAsync("delete", "encryptedstores.byok.dev", "-n", enrolled.Name)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_left_to_him_is_what_the_page_says()
    {
        await using var enrolled = await cluster.NamespaceAsync("enrolled");
        await BaitAsync(enrolled.Name);
        (await Thief.RunAsync("-n", enrolled.Name, "get", "secret", "bait", "-o", "jsonpath={.data}"))
            .ShouldContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Bait)), Case.Sensitive,
                "a Secret whose name is known, in an enrolled namespace");
        await Thief.RunAsync("-n", enrolled.Name, "patch", "deployment", "app", "--subresource=scale", "--type=merge",
            "-p", """{"spec":{"replicas":0}}""");
        (await Thief.MayAsync("patch", "encryptedstores.byok.dev", "-n", enrolled.Name))
            .ShouldBeTrue("specs and annotations of keys and stores");
        (await Thief.MayAsync("create", "jobs.batch", "-n", OperatorManifests.Namespace))
            .ShouldBeTrue("pods of his own, as any account of byok-system");
        (await Thief.MayAsync("delete", "configmaps", "-n", OperatorManifests.Namespace)).ShouldBeTrue("records");
        (await Thief.MayAsync("get", "secrets", "-n", OperatorManifests.Namespace))
            .ShouldBeTrue(
                "what records are signed with, and wrapping keys where the import API has no namespace of its own");
    }

    private async Task RefusedAsync(params string[] arguments)
    {
        var tried = await Thief.TryAsync(arguments);
        tried.ExitCode.ShouldNotBe(0, string.Join(' ', arguments));
        (tried.Output + tried.Error).ShouldContain("orbidden", Case.Sensitive, string.Join(' ', arguments));
        (tried.Output + tried.Error).ShouldNotContain(Bait);
    }

    private Task<string> PutOutAsync(string space) =>
        cluster.Administrator.RunAsync("-n", space, "delete", "rolebinding", "byok-operator-tenant");

    private Task<string> BaitAsync(string space) => cluster.Administrator.ApplyAsync($$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: bait, namespace: {{space}}}
        stringData: {value: {{Bait}}}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: bait, namespace: {{space}}}
        data: {value: {{Bait}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: app, namespace: {{space}}, labels: {byok.dev/uses: store} }
        spec:
          replicas: 0
          selector: {matchLabels: {app: app} }
          template:
            metadata: {labels: {app: app} }
            spec: {containers: [{name: app, image: "{{RealCluster.ShellImage}}", command: [sleep, "3600"]} ] }
        """);
}
