using Kube.Core;
using Shouldly;
using Xunit;

namespace Kube.Tests.Core;

public sealed class ConditionsTests
{
    private static readonly DateTimeOffset before = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset now = before.AddHours(1).AddMilliseconds(7);

    [Fact]
    public void The_time_stays_while_the_status_does_even_if_reason_and_message_change()
    {
        var set = Conditions.Set([Of("Ready", "False", "A")], Of("Ready", "False", "B"), now);

        set.ShouldHaveSingleItem().LastTransitionTime.ShouldBe(before);
        set[0].Reason.ShouldBe("B");
    }

    [Fact]
    public void The_time_moves_with_the_status_in_whole_seconds()
    {
        var set = Conditions.Set([Of("Ready", "False", "A")], Of("Ready", "True", "A"), now);

        set.ShouldHaveSingleItem().LastTransitionTime.ShouldBe(before.AddHours(1));
    }

    [Fact]
    public void Setting_one_leaves_the_others_as_and_where_they_are()
    {
        var set = Conditions.Set([Of("A", "True", "r"), Of("B", "True", "r"), Of("C", "True", "r")], Of("B", "False", "r"), now);

        set.Select(condition => condition.Type + condition.Status).ShouldBe(["ATrue", "BFalse", "CTrue"]);
        set[0].LastTransitionTime.ShouldBe(before);
    }

    [Fact]
    public void Merging_gives_exactly_the_wanted_ones_in_their_order()
    {
        var merged = Conditions.Merge([Of("A", "True", "r"), Of("B", "True", "r")], [Of("C", "True", "r"), Of("A", "True", "s")], now);

        merged.Select(condition => condition.Type).ShouldBe(["C", "A"]);
        merged[0].LastTransitionTime.ShouldBe(before.AddHours(1));
        merged[1].LastTransitionTime.ShouldBe(before);
    }

    private static Condition Of(string type, string status, string reason) =>
        new() { Type = type, Status = status, Reason = reason, LastTransitionTime = before };
}
