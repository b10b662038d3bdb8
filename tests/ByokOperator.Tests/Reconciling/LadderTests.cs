using ByokOperator.Reconciling;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reconciling;

public sealed class LadderTests
{
    private sealed record Fix(string What) : Act;

    private static Rung<int> Holding(string name) => new(name, _ => Finding.Holds.Now);

    private static Rung<int> Lacking(string name) => new(name, _ => new Finding.Lacks("Missing", new Fix(name)));

    [Fact]
    public void The_lowest_rung_that_does_not_hold_decides() =>
        Ladder.Next([Holding("A"), Lacking("B"), Lacking("C")], 0)
            .ShouldBe(new Step.Take("B", "Missing", new Fix("B")));

    [Fact]
    public void A_rung_above_the_first_failing_one_is_never_asked_for_acting() =>
        Ladder.Next<int>([Lacking("A"), new("B", _ => throw new InvalidOperationException("asked"))], 0)
            .ShouldBeOfType<Step.Take>();

    [Fact]
    public void A_blind_fact_waits_and_never_acts()
    {
        var blind = Fact.Blind<bool>("ReadFailed");
        Ladder.Next<int>([new("A", _ => blind.Judge(_ => new Finding.Lacks("X", new Fix("A"))))], 0)
            .ShouldBeOfType<Step.Wait>().Reason.ShouldBe("ReadFailed");
    }

    [Fact]
    public void A_fact_nobody_looked_at_is_blind() =>
        default(Fact<bool>).Judge(_ => Finding.Holds.Now).ShouldBe(new Finding.Unseen("NotLooked"));

    [Fact]
    public void When_closing_every_due_act_goes_out_and_a_blind_fact_holds_nothing_back() =>
        Ladder.Due([new("A", _ => new Finding.Unseen("ReadFailed")), Lacking("B"), Holding("C"), Lacking("D")], 0)
            .OfType<Step.Take>().Select(take => take.Rung).ShouldBe(["B", "D"]);
}
