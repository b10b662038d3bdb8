using ByokOperator.Reconciling;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reconciling;

public sealed class ConditionsContractTests
{
    private static readonly Condition Ready =
        new() { Type = "Ready", Status = "True", Reason = "Ready", ObservedGeneration = 3 };
    private static readonly Condition NotReady = Ready with { Status = "False", Reason = "Missing" };

    [Fact]
    public void A_Ready_that_is_True_by_itself_keeps_it() => Broken([Ready]).ShouldBeEmpty();

    [Fact]
    public void Without_Ready_nobody_can_wait() =>
        Broken([Ready with { Type = "Other" }]).ShouldBe(["there is no Ready"]);

    [Fact]
    public void A_status_is_one_of_three_words() =>
        Broken([Ready with { Status = "Yes" }]).ShouldHaveSingleItem().ShouldContain("has the status Yes");

    [Fact]
    public void A_reason_is_one_word() =>
        Broken([NotReady with { Reason = "not yet" }]).ShouldHaveSingleItem().ShouldContain("not CamelCase");

    [Fact]
    public void Every_condition_speaks_of_this_generation() =>
        Broken([Ready with { ObservedGeneration = 2 }]).ShouldHaveSingleItem().ShouldContain("generation 2, not 3");

    [Fact]
    public void Reconciling_stands_only_while_it_is_True() =>
        Broken([NotReady, NotReady with { Type = "Reconciling" }]).ShouldHaveSingleItem()
            .ShouldContain("stands though");

    [Fact]
    public void Reconciling_and_Stalled_never_stand_together() =>
        Broken([NotReady, Ready with { Type = "Reconciling" }, Ready with { Type = "Stalled" }])
            .ShouldBe(["Reconciling and Stalled stand together"]);

    [Fact]
    public void Ready_is_not_True_beside_Stalled() =>
        Broken([Ready, Ready with { Type = "Stalled" }]).ShouldBe(["Ready is True beside Reconciling or Stalled"]);

    [Fact]
    public void Ready_is_not_True_while_something_is_lacking() =>
        Broken([Ready, NotReady with { Type = "Bound" }]).ShouldBe(["Ready is True though Bound is False"]);

    [Theory]
    [InlineData("SourceRetired", StatusReport.KeptAsAsked)]
    [InlineData("GenerationFollowed", StatusReport.NewMaterialAwaited)]
    [InlineData("ReturnConfirmed", StatusReport.ReturnPlanned)]
    [InlineData("ReturnConfirmed", StatusReport.ReturnNotCounted)]
    public void What_is_kept_as_asked_or_awaited_with_consent_does_not_lack(string type, string reason) =>
        Broken([Ready, NotReady with { Type = type, Reason = reason }]).ShouldBeEmpty();

    [Fact]
    public void A_type_stands_once() => Broken([Ready, Ready]).ShouldBe(["Ready stands 2 times"]);

    private static IReadOnlyList<string> Broken(IReadOnlyList<Condition> conditions) =>
        ConditionsContract.Check(conditions, 3);
}
