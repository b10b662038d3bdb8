using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Crds;

/// <summary>
/// The shipped admission policies, judged by upstream's own evaluator for whoever has one of the shipped roles. Not
/// shown here: that a whole API server asks them; that needs one of 1.30 or newer.
/// </summary>
[Trait("Server", "crdserver")]
public sealed class AdmissionTests
{
    private const string Editor = "byok-tenant-editor", Owner = "byok-key-owner";

    private const string Key = "{state: Active, awsKms: {keys: [{region: eu-west-1, arn: a}]}}";

    private const string Revoked = "{state: Revoked, revocation: {confirm: revoke}}";

    private const string Manual = "{rotation: {confirmation: Manual}}";

    private const string Times = "{revocation: {probeInterval: 30s, maxStaleness: 15m}}";

    private const string Store = "{keyRef: {name: acme-2026}, aws: {region: eu-west-1}}";

    private static readonly string? program = Environment.GetEnvironmentVariable("BYOK_TEST_POLICY");

    /// <summary>What changes a key, the spec before and after, and the field that the refusal names.</summary>
    public static TheoryData<string, string, string, string> OfKeys => new()
    {
        { "revoking", Key, Revoked, "spec.state" },
        { "restoring", Revoked, "{state: Active, revocation: {confirm: revoke}}", "spec.state" },
        { "revoking a key that had no state", "{}", "{state: Revoked}", "spec.state" },
        { "making a revoked key", "", Revoked, "spec.state" },
        { "consenting ahead", "{}", "{revocation: {confirm: revoke}}", "spec.revocation.confirm" },
        { "asking less often", Times, "{revocation: {probeInterval: 1h, maxStaleness: 15m}}", "spec.revocation" },
        { "waiting longer", Times, "{revocation: {probeInterval: 30s, maxStaleness: 168h}}", "spec.revocation" },
        { "waiting longer than the default", "{}", "{revocation: {maxStaleness: 16m}}", "spec.revocation" },
        { "confirming a version", Manual, "{rotation: {confirmation: Manual, confirmedVersion: a}}", "spec.rotation" },
        { "asking for no confirmation any more", Manual, "{rotation: {confirmation: Automatic}}", "spec.rotation" },
        { "taking the rotation away", Manual, "{}", "spec.rotation" },
        { "new material", "{imported: {generation: 1}}", "{imported: {generation: 2}}", "spec.imported" },
        { "the first new material", "{imported: {}}", "{imported: {generation: 2}}", "spec.imported" },
        { "deleting", Key, "", "deleting a key" },
    };

    public static TheoryData<string, string, string> HarmlessToKeys => new()
    {
        { "making a key", "", Key },
        { "making a key with times of its own", "", "{revocation: {probeInterval: 1h, maxStaleness: 168h}}" },
        { "putting a key to use", "{state: Standby}", Key },
        { "archiving", Key, "{state: Archived, awsKms: {keys: [{region: eu-west-1, arn: a}]}}" },
        { "another region", "{awsKms: {keys: [{region: a}]}}", "{awsKms: {keys: [{region: a}, {region: b}]}}" },
        { "asking more often", Times, "{revocation: {probeInterval: 5s, maxStaleness: 1m}}" },
        { "a revoked key's other fields", Revoked, $"{{imported: {{}}, {Revoked[1..]}" },
        { "nothing", "{}", "{}" },
    };

    [Theory]
    [MemberData(nameof(OfKeys))]
    public async Task Only_a_keys_owner_may_do_it(string what, string before, string after, string field)
    {
        Assert.NotEmpty(what);
        (await KeyAsync(Editor, before, after)).ShouldStartWith($"deny: {field}");
        (await KeyAsync(Editor, before, after)).ShouldContain("ask someone with the ClusterRole byok-key-owner");
        (await KeyAsync(Owner, before, after)).ShouldBe("allow");
    }

    [Theory]
    [MemberData(nameof(HarmlessToKeys))]
    public async Task An_editor_may_do_it(string what, string before, string after)
    {
        Assert.NotEmpty(what);
        (await KeyAsync(Editor, before, after)).ShouldBe("allow");
    }

    [Fact]
    public async Task A_key_can_not_be_given_an_owner_that_takes_it_along()
    {
        var owned = Of("TenantEncryptionKey", Key);
        owned["metadata"]!["ownerReferences"] =
            new JsonArray(new JsonObject { ["kind"] = "ConfigMap", ["name"] = "mine" });
        foreach (var before in new[] { null, Of("TenantEncryptionKey", Key) })
        {
            (await JudgeAsync("keys", Request(Editor, before, owned))).ShouldStartWith("deny: metadata.ownerRef");
            (await JudgeAsync("keys", Request(Owner, before, owned))).ShouldBe("allow");
        }

        (await JudgeAsync("keys", Request(Editor, owned, owned))).ShouldBe("allow");
    }

    [Fact]
    public async Task What_is_in_a_namespace_that_goes_is_let_go()
    {
        var request = Request("", Of("TenantEncryptionKey", Key), null);
        request["user"] = "system:serviceaccount:kube-system:namespace-controller";
        request["groups"] = new JsonArray("system:serviceaccounts", "system:serviceaccounts:kube-system");
        (await JudgeAsync("keys", request)).ShouldBe("allow");
    }

    [Fact]
    public async Task An_owner_of_one_key_does_not_own_another()
    {
        var request = Request("", Of("TenantEncryptionKey", Key), null);
        request["may"] = new JsonArray("revoke tenantencryptionkeys another");
        (await JudgeAsync("keys", request)).ShouldStartWith("deny: deleting a key");
    }

    [Theory]
    [InlineData("{aws: {region: eu-west-1}}")]
    [InlineData("{keyRef: {name: mine}, aws: {region: eu-west-1}}")]
    [InlineData("{keyRef: {}, aws: {region: eu-west-1}}")]
    public async Task A_store_leaves_its_key_by_the_owners_word(string after)
    {
        (await StoreAsync(Editor, Store, after)).ShouldStartWith("deny: spec.keyRef");
        (await StoreAsync(Owner, Store, after)).ShouldBe("allow");
    }

    [Fact]
    public async Task A_store_is_made_and_changed_by_an_editor()
    {
        (await StoreAsync(Editor, "", Store)).ShouldBe("allow");
        (await StoreAsync(Editor, Store, "{keyRef: {name: acme-2026}, report: {interval: 1h}}")).ShouldBe("allow");
        (await StoreAsync(Editor, "{}", Store)).ShouldBe("allow");
    }

    [Fact]
    public async Task The_consent_to_return_is_the_owners_even_in_a_new_store()
    {
        var asked = Of("EncryptedStore", Store);
        asked["metadata"]!["annotations"] = new JsonObject { ["byok.dev/confirm-return"] = "acme-2026/acme-2026" };
        foreach (var before in new[] { null, Of("EncryptedStore", Store) })
        {
            (await JudgeAsync("stores", Request(Editor, before, asked)))
                .ShouldStartWith("deny: the annotation byok.dev/");
            (await JudgeAsync("stores", Request(Owner, before, asked))).ShouldBe("allow");
        }

        (await JudgeAsync("stores", Request(Editor, asked, asked))).ShouldBe("allow");
        (await JudgeAsync("stores", Request(Editor, asked, Of("EncryptedStore", Store)))).ShouldBe("allow");
    }

    private static Task<string> KeyAsync(string role, string before, string after) =>
        JudgeAsync("keys", Request(role, Parsed("TenantEncryptionKey", before), Parsed("TenantEncryptionKey", after)));

    private static Task<string> StoreAsync(string role, string before, string after) =>
        JudgeAsync("stores", Request(role, Parsed("EncryptedStore", before), Parsed("EncryptedStore", after)));

    private static JsonObject? Parsed(string kind, string spec) => spec.Length == 0 ? null : Of(kind, spec);

    private static JsonObject Of(string kind, string spec) => new()
    {
        ["apiVersion"] = "byok.dev/v1alpha1", ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = "acme-2026", ["namespace"] = "acme" },
        ["spec"] = Yaml.Parse(spec).Single().DeepClone(),
    };

    private static JsonObject Request(string role, JsonObject? before, JsonObject? after) => new()
    {
        ["operation"] = before is null ? "CREATE" : after is null ? "DELETE" : "UPDATE",
        ["resource"] = ((string)(after ?? before)!["kind"]!).ToLowerInvariant() + "s",
        ["user"] = "ann", ["groups"] = new JsonArray("system:authenticated"), ["may"] = new JsonArray([.. Verbs(role)]),
        ["object"] = after?.DeepClone(), ["oldObject"] = before?.DeepClone(),
    };

    /// <summary>What the role of that name lets a person do with the key, by the shipped manifest.</summary>
    private static IEnumerable<JsonNode?> Verbs(string role) =>
        from one in Read("examples", "manifests", "operator", "rbac-people.yaml")
        where (string?)one["metadata"]!["name"] == role
        from rule in one["rules"]!.AsArray()
        from resource in rule!["resources"]!.AsArray()
        from verb in rule["verbs"]!.AsArray()
        select (JsonNode?)$"{verb} {resource} acme-2026";

    private static Task<string> JudgeAsync(string policy, JsonObject request) =>
        JudgeByAsync($"key-owners.{policy}.byok.dev", request);

    /// <summary>"allow", or "deny: " and the message.</summary>
    internal static async Task<string> JudgeByAsync(string policy, JsonObject request)
    {
        Assert.SkipWhen(program is null, "BYOK_TEST_POLICY names no program that judges by admission policies");
        var shipped = Directory.EnumerateFiles(Repository.PathTo("crds", "admission"), "*.yaml")
            .SelectMany(path => Yaml.Parse(File.ReadAllText(path))).Single(one =>
                (string?)one["kind"] == "ValidatingAdmissionPolicy" && (string?)one["metadata"]!["name"] == policy);
        var input =
            new JsonObject { ["policy"] = shipped.DeepClone(), ["requests"] = new JsonArray(request.DeepClone()) };
        var answer = await Command.RunAsync(program!, [], input.ToJsonString(), TestContext.Current.CancellationToken);
        return answer.Require().Trim();
    }

    private static IReadOnlyList<JsonNode> Read(params string[] path) =>
        Yaml.Parse(File.ReadAllText(Repository.PathTo(path)));
}
