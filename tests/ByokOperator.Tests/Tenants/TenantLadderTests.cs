using ByokOperator.Reconciling;
using ByokOperator.Tenants;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Tenants;

public sealed class TenantLadderTests
{
    private static readonly TenantWorld Good = new()
    {
        Violations = [], Overlaps = Fact.Seen<IReadOnlyList<string>>([]), Lacks = "",
        Missing = Fact.Seen<IReadOnlyList<string>>([]),
    };

    [Fact]
    public void A_tenant_that_is_alone_and_gives_something_is_ready() => ReadyOf(Good).ShouldBe(("True", "Ready", ""));

    [Fact]
    public void A_tenant_that_breaks_a_rule_is_stalled() =>
        ReadyOf(Good with { Violations = ["spec.limits: wrong"], Overlaps = Fact.Seen<IReadOnlyList<string>>(["too"]) })
            .ShouldBe(
                ("False", "SpecInvalid",
                    "SpecValid: nothing new is begun for this tenant until this is mended: spec.limits: wrong"));

    [Theory]
    [InlineData("Giving", "GivesNothing")]
    [InlineData("NamespacesFound", "NamespaceMissing")]
    [InlineData("AdoptionsFollowed", "AdoptionAwaited")]
    public void What_is_no_fault_is_told_on_a_rung_that_holds(string rung, string reason)
    {
        var world = Good with
        {
            Lacks = "no key may be brought", Missing = Fact.Seen<IReadOnlyList<string>>(["acme"]),
            Adoptions = Fact.Seen(new Adoptions([], ["store acme/x is not there"])),
        };
        TenantLadder.Rungs.Single(one => one.Condition == rung).Look(world)
            .ShouldBeOfType<Finding.Holds>().Reason.ShouldBe(reason);
    }

    [Fact]
    public void Overlaps_stall_it_and_a_long_list_of_them_has_an_end() =>
        ReadyOf(Good with { Overlaps = Fact.Seen<IReadOnlyList<string>>(["a", "b", "c", "d", "e", "f", "g"]) })
            .ShouldBe(("False", "Overlaps", "Alone: a; b; c; d; e and 2 more"));

    [Fact]
    public void Overlaps_that_nobody_could_work_out_are_none_that_are_not_there() =>
        ReadyOf(Good with { Overlaps = Fact.Blind<IReadOnlyList<string>>("LookFailed") })
            .ShouldBe(("Unknown", "LookFailed", "Alone"));

    [Fact]
    public void A_namespace_that_is_not_there_is_told_and_no_fault() =>
        ReadyOf(Good with { Missing = Fact.Seen<IReadOnlyList<string>>(["acme"]) })
            .ShouldBe(
                ("True", "Ready", "NamespacesFound: not there: acme; make them, or take them out of spec.namespaces"));

    [Fact]
    public void A_tenant_that_gives_nothing_is_told_so() =>
        ReadyOf(Good with { Lacks = "no key may be brought" })
            .ShouldBe(("True", "Ready", "Giving: no key may be brought"));

    private static (string Status, string Reason, string Message) ReadyOf(TenantWorld world)
    {
        var conditions = StatusReport.Conditions(TenantLadder.Choose(world), world, isServing: true, generation: 1, [],
            _ => throw new InvalidOperationException());
        ConditionsContract.Check(conditions, 1).ShouldBeEmpty();
        return (conditions[0].Status, conditions[0].Reason, conditions[0].Message ?? "");
    }
}
