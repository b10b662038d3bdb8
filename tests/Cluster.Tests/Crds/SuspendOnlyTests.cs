using System.Text.Json.Nodes;
using ByokOperator.Tests.Api;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Crds;

/// <summary>
/// With a right to patch CronJobs and Jobs comes an admission policy that leaves of it the switch <c>spec.suspend</c>.
/// Judged by upstream's own evaluator, as <see cref="AdmissionTests"/> are.
/// </summary>
[Trait("Server", "crdserver")]
public sealed class SuspendOnlyTests
{
    private const string Operator = $"system:serviceaccount:{OperatorManifests.Namespace}:{OperatorManifests.Account}";

    private const string Spec =
        "{schedule: \"@daily\", jobTemplate: {spec: {template: {spec: {serviceAccountName: backup, containers: "
            + "[{name: a, image: b}]}}}}}";

    private const string OtherImage =
        "{schedule: \"@daily\", suspend: true, jobTemplate: {spec: {template: {spec: {serviceAccountName: backup, "
            + "containers: [{name: a, image: evil}]}}}}}";

    private const string OtherAccount =
        "{schedule: \"@daily\", jobTemplate: {spec: {template: {spec: {serviceAccountName: admin, containers: [{name: "
            + "a, image: b}]}}}}}";

    private static readonly string Suspended =
        Spec.Replace("{schedule", "{suspend: true, schedule", StringComparison.Ordinal);

    [Theory]
    [InlineData("CronJob")]
    [InlineData("Job")]
    public async Task It_may_suspend_and_resume(string kind)
    {
        (await JudgeAsync(Operator, Of(kind, Spec), Of(kind, Suspended))).ShouldBe("allow");
        (await JudgeAsync(Operator, Of(kind, Suspended),
            Of(kind, Spec.Replace("{schedule", "{suspend: false, schedule", StringComparison.Ordinal))))
                .ShouldBe("allow");
        (await JudgeAsync(Operator, Of(kind, Suspended), Of(kind, Spec))).ShouldBe("allow");
    }

    [Theory]
    [InlineData(OtherImage)]
    [InlineData(OtherAccount)]
    [InlineData("{schedule: \"@daily\"}")]
    [InlineData("{schedule: \"@hourly\", suspend: true, jobTemplate: {}}")]
    [InlineData(
        "{schedule: \"@daily\", successfulJobsHistoryLimit: 0, jobTemplate: {spec: {template: {spec: "
            + "{serviceAccountName: backup, containers: [{name: a, image: b}]}}}}}")]
    public async Task It_may_change_nothing_else_of_the_spec(string after)
    {
        (await JudgeAsync(Operator, Of("CronJob", Spec), Of("CronJob", after)))
            .ShouldBe("deny: spec: the operator may change spec.suspend alone");
        (await JudgeAsync("ann", Of("CronJob", Spec), Of("CronJob", after)))
            .ShouldBe("allow", "that is between others and their rights");
    }

    [Theory]
    [InlineData("annotations", "{a: b}")]
    [InlineData("labels", "{}")]
    [InlineData("ownerReferences", "[{kind: ConfigMap, name: mine}]")]
    [InlineData("finalizers", "[evil.example/hold]")]
    public async Task It_may_change_no_metadata(string field, string value)
    {
        var after = Of("Job", Suspended);
        after["metadata"]![field] = Yaml.Parse(value).Single().DeepClone();
        (await JudgeAsync(Operator, Of("Job", Spec), after))
            .ShouldBe("deny: metadata: the operator may change spec.suspend alone");
    }

    [Fact]
    public async Task What_the_server_counts_is_no_change()
    {
        var (before, after) = (Of("Job", Spec), Of("Job", Suspended));
        (before["metadata"]!["generation"], after["metadata"]!["generation"]) = (1, 2);
        after["metadata"]!["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "byok-operator" });
        (await JudgeAsync(Operator, before, after)).ShouldBe("allow");
    }

    [Fact]
    public async Task It_makes_no_workload_but_at_home()
    {
        (await JudgeAsync(Operator, null, Of("Job", Spec))).ShouldStartWith("deny: the operator makes no workload");
        var own = Of("Job", Spec);
        own["metadata"]!["namespace"] = OperatorManifests.Namespace;
        (await JudgeAsync(Operator, null, own)).ShouldBe("allow");
    }

    private static JsonObject Of(string kind, string spec) => new()
    {
        ["apiVersion"] = "batch/v1", ["kind"] = kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = "backup",
            ["namespace"] = "acme",
            ["labels"] = new JsonObject { ["app"] = "backup" },
        },
        ["spec"] = Yaml.Parse(spec).Single().DeepClone(),
    };

    private static Task<string> JudgeAsync(string user, JsonObject? before, JsonObject after) =>
        AdmissionTests.JudgeByAsync("suspend-only.workloads.byok.dev", new JsonObject
        {
            ["operation"] = before is null ? "CREATE" : "UPDATE",
            ["resource"] = ((string)after["kind"]!).ToLowerInvariant() + "s",
            ["user"] = user, ["groups"] = new JsonArray("system:authenticated"), ["may"] = new JsonArray(),
            ["object"] = after.DeepClone(), ["oldObject"] = before?.DeepClone(),
        });
}
