using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Tests.Api;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Examples;

/// <summary>What we tell people to apply keeps our own rules.</summary>
public sealed class ManifestExamplesTests
{
    private static readonly string[] KnownVerbs = ["get", "list", "watch", "create", "patch", "delete"];

    [Theory]
    [InlineData("tenant")]
    [InlineData("tenant-azure")]
    public void The_example_key_and_store_pass_the_rules_and_belong_together(string folder)
    {
        var key = One(folder, "key.yaml").Deserialize(ApiJson.Default.TenantEncryptionKey)!;
        var store = One(folder, "store.yaml").Deserialize(ApiJson.Default.EncryptedStore)!;
        KeyRules.Check(key).ShouldBeEmpty();
        StoreRules.Check(store).ShouldBeEmpty();
        StoreRules.CheckKey(store, key).ShouldBeEmpty();
        var tenant = One(folder, "tenant.yaml").Deserialize(ApiJson.Default.Tenant)!;
        TenantRules.Check(tenant).ShouldBeEmpty();
        var authority = Authority.Of([tenant]);
        authority.Judge(key, older: 0).ShouldBe(new Ruling.Granted(tenant.Metadata.Name));
        authority.Judge(store, older: 0).ShouldBe(new Ruling.Granted(tenant.Metadata.Name));
        (store.Spec.KeyRef?.Name, store.Metadata.Namespace).ShouldBe((key.Metadata.Name, key.Metadata.Namespace));
    }

    [Theory]
    [InlineData("operator", "rbac-cluster.yaml")]
    [InlineData("operator", "rbac-tenants.yaml")]
    [InlineData("operator", "rbac-jobs.yaml")]
    [InlineData("operator", "rbac-own.yaml")]
    [InlineData("import-api", "rbac-own.yaml")]
    [InlineData("import-api", "rbac-operator.yaml")]
    [InlineData("import-api", "rbac-tenants.yaml")]
    public void The_operator_asks_for_no_wildcard_and_no_put(string folder, string file)
    {
        foreach (var rule in Rules(folder, file)
            .Where(rule =>
                !Words(rule, "resources").All(name => name.EndsWith("/finalizers", StringComparison.Ordinal))))
        {
            Words(rule, "verbs").Except(KnownVerbs).ShouldBeEmpty(rule.ToJsonString());
            Words(rule, "resources").Concat(Words(rule, "apiGroups")).ShouldNotContain("*");
        }
    }

    [Fact]
    public void Copy_pods_have_no_right_in_the_cluster() =>
        All("operator", "rbac-cluster.yaml").Concat(All("operator", "rbac-tenants.yaml"))
            .Concat(All("operator", "rbac-own.yaml")).Concat(All("operator", "rbac-people.yaml"))
            .SelectMany(one => one["subjects"]?.AsArray() ?? []).Select(subject => (string?)subject!["name"])
            .ShouldNotContain("byok-copy");

    [Theory]
    [InlineData("operator")]
    [InlineData("import-api")]
    public void It_runs_without_root_and_without_a_writable_disk(string folder)
    {
        var pod = One(folder, "deployment.yaml")["spec"]!["template"]!["spec"]!;
        ((bool)pod["securityContext"]!["runAsNonRoot"]!).ShouldBeTrue();
        var container = pod["containers"]!.AsArray().Single()!;
        ((bool)container["securityContext"]!["readOnlyRootFilesystem"]!).ShouldBeTrue();
        ((bool)container["securityContext"]!["allowPrivilegeEscalation"]!).ShouldBeFalse();
        container["resources"]!["limits"]!["memory"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("operator")]
    [InlineData("import-api")]
    public void Every_file_of_the_base_is_in_its_kustomization(string folder)
    {
        var named = One(folder, "kustomization.yaml")["resources"]!.AsArray().Select(name => (string)name!);
        Directory.EnumerateFiles(Folder(folder)).Select(path => Path.GetFileName(path)!).Except(named)
            .ShouldBe(["kustomization.yaml"]);
    }

    [Fact]
    public void Every_definition_is_in_its_kustomization() =>
        Yaml.Parse(File.ReadAllText(Repository.PathTo("crds", "Kustomization"))).Single()["resources"]!.AsArray()
            .Select(name => (string)name!).Order()
            .ShouldBe(Directory.EnumerateFiles(Repository.PathTo("crds"), "*.yaml")
                .Select(path => Path.GetFileName(path)!).Order());

    private static IEnumerable<JsonNode> Rules(string folder, string file) =>
        All(folder, file).SelectMany(one => one["rules"]?.AsArray() ?? []).OfType<JsonNode>();

    private static IEnumerable<string> Words(JsonNode rule, string field) =>
        rule[field]!.AsArray().Select(word => (string)word!);

    private static JsonNode One(string folder, string file) =>
        Yaml.Parse(File.ReadAllText(Path.Combine(Folder(folder), file))).Single();

    private static IReadOnlyList<JsonNode> All(string folder, string file) =>
        Yaml.Parse(File.ReadAllText(Path.Combine(Folder(folder), file)));

    private static string Folder(string name) => Repository.PathTo("examples", "manifests", name);
}
