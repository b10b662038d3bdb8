using ByokOperator.Reconciling;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reconciling;

public sealed class StatusReportTests
{
    private static readonly Rung<int> Holding = new("A", _ => Finding.Holds.Now);
    private static readonly Rung<int> Lacking = new("B", _ => new Finding.Lacks("Missing", new Fix(), "make one"));
    private static readonly Rung<int> Blind = new("C", _ => new Finding.Unseen("ReadFailed"));
    private static readonly Rung<int> Stuck = new("D", _ => new Finding.Stuck("NameTaken", "choose another"));
    private static readonly Rung<int> Deferred =
        new("E", _ => new Finding.Deferred(StatusReport.KeptAsAsked, TimeSpan.FromHours(1), "until noon"));

    [Fact]
    public void All_rungs_hold_and_it_is_Ready() => Words([Holding]).ShouldBe(["Ready True Ready", "A True Observed"]);

    [Fact]
    public void What_closes_is_never_Ready_however_complete() =>
        Words([Holding], isServing: false)[0].ShouldBe("Ready False Plan");

    [Fact]
    public void The_lowest_lack_is_the_reason_and_somebody_works_on_it() =>
        Words([Holding, Lacking, Stuck])
            .ShouldBe(
                ["Ready False Missing", "Reconciling True Missing", "A True Observed", "B False Missing",
                    "D False NameTaken"]);

    [Fact]
    public void What_could_not_be_seen_makes_Ready_Unknown() => Words([Blind])[0].ShouldBe("Ready Unknown ReadFailed");

    [Fact]
    public void What_only_a_person_can_mend_stalls() =>
        Words([Stuck]).Take(2).ShouldBe(["Ready False NameTaken", "Stalled True NameTaken"]);

    [Fact]
    public void What_is_deferred_shows_and_holds_nothing_back() =>
        Words([Deferred, Holding]).ShouldBe(["Ready True Ready", "E False KeptAsAsked", "A True Observed"]);

    [Fact]
    public void Ready_says_what_is_deferred() => Of([Deferred])[0].Message.ShouldBe("E: until noon");

    [Fact]
    public void A_failed_act_shows_on_its_rung_in_its_own_words() =>
        Of([Lacking], failures: [new ActFailure("B", new Fix(), new InvalidOperationException("boom"))])
            .Single(condition => condition.Type == "B").Message.ShouldBe("said boom");

    [Fact]
    public void A_pause_is_the_reason_while_it_lasts() =>
        Words([Lacking], step: new Step.Wait("Paused", "Paused", TimeSpan.FromMinutes(1)))[0]
            .ShouldBe("Ready False Paused");

    [Fact]
    public void A_message_has_an_end() =>
        Of([new("B", _ => new Finding.Stuck("Long", new string('x', 5_000)))])
            .ShouldAllBe(condition => condition.Message.Length <= 1024);

    [Fact]
    public void Every_condition_carries_the_generation() =>
        Of([Holding, Lacking]).ShouldAllBe(condition => condition.ObservedGeneration == 7);

    private static List<string> Words(Rung<int>[] rungs, bool isServing = true, Step? step = null) =>
        [.. Of(rungs, isServing, step).Select(condition => $"{condition.Type} {condition.Status} {condition.Reason}")];

    private static IReadOnlyList<Condition> Of(
        Rung<int>[] rungs, bool isServing = true, Step? step = null, ActFailure[]? failures = null) =>
        StatusReport.Conditions(
            new Plan<int>("Plan", rungs, [step ?? new Step.Rest()], null), 0, isServing, 7, failures ?? [],
            cause => new FailureText("Failed", $"said {cause.Message}"));

    private sealed record Fix : Act;
}
