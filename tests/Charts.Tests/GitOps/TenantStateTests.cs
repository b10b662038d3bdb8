using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Tenants;
using Kube.Core;
using Shouldly;
using Simulation.Real;
using Xunit;

namespace Charts.Tests.GitOps;

/// <summary>What a Tenant looks like in each state of its ladder. Those of keys and stores come from the simulation.
/// <c>UPDATE_GOLDEN=1</c> writes them anew.</summary>
public sealed class TenantStateTests
{
    private static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TenantWorld Good =
        new() { Violations = [], Overlaps = Seen(), Lacks = "", Missing = Seen() };

    private static readonly Dictionary<string, TenantWorld> worlds = new()
    {
        ["ready"] = Good,
        ["spec-invalid"] =
            Good with { Violations = ["spec.limits.maxStaleness: not a duration: write one such as 24h"] },
        ["overlaps"] = Good with { Overlaps = Seen("spec.shared.aws[0] is within what an older Tenant, beta, names") },
        ["look-failed"] = Good with { Overlaps = Fact.Blind<IReadOnlyList<string>>("LookFailed") },
        ["ready-gives-nothing"] = Good with { Lacks = "no key may be brought: add one of spec.keys" },
        ["ready-namespace-missing"] = Good with { Missing = Seen("acme-sandbox") },
        ["adoption-refused"] = Good with
        {
            Adoptions = Fact.Seen(new Adoptions(["spec.adopt[0]: namespace beta is not this tenant's"], [])),
        },
        ["ready-adoption-awaited"] = Good with
        {
            Adoptions = Fact.Seen(new Adoptions([], ["spec.adopt[0]: EncryptedStore acme/backups is not there"])),
        },
    };

    public static TheoryData<string> Names => [.. worlds.Keys, "not-looked-at", "changed"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_state_of_a_Tenant_is_what_the_ladder_says(string name)
    {
        var path = Path.Combine(SeenState.Folder("Tenant"), "testdata", $"{name}.yaml");
        var text = YamlText.Of(JsonSerializer.SerializeToNode(TenantIn(name), ApiJson.Default.Tenant)!.AsObject());
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        File.ReadAllText(path).ShouldBe(text);
    }

    [Fact]
    public void No_file_is_left_of_a_state_that_is_gone() =>
        SeenState.All.Where(state => state.Kind == "Tenant").Select(state => state.Name).Order()
            .ShouldBe(Names.Select(row => row.Data).Order());

    private static Tenant TenantIn(string name) => new()
    {
        Metadata = new ObjectMeta { Name = "acme", Uid = "00000003-0000", Generation = name == "changed" ? 2 : 1 },
        Spec = new TenantSpec
        {
            Namespaces = [new() { Name = "acme", Instance = "production" }],
            Keys = new TenantKeys { AwsAccounts = ["111122223333"] },
        },
        Status = name == "not-looked-at" ? null : new TenantStatus
        {
            ObservedGeneration = 1,
            Conditions = [.. ConditionsOf(worlds.GetValueOrDefault(name) ?? Good)],
            Keys = 1,
            Stores = 1,
            Closed = 0,
            Instances = [new() { Namespace = "acme", Instance = "production", Keys = 1, Stores = 1, Open = 1 }],
            Uncovered = ["bucket platform-backups, prefix acme/"],
        },
    };

    private static IEnumerable<Condition> ConditionsOf(TenantWorld world) =>
        StatusReport.Conditions(TenantLadder.Choose(world), world, isServing: true, generation: 1, [],
            _ => throw new InvalidOperationException())
            .Select(condition => condition with { LastTransitionTime = Began });

    private static Fact<IReadOnlyList<string>> Seen(params string[] said) => Fact.Seen<IReadOnlyList<string>>(said);
}
