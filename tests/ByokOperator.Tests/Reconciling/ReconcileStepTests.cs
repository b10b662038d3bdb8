using ByokOperator.Reconciling;
using Kube.Core;
using Kube.Runtime.Controllers;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reconciling;

public sealed class ReconcileStepTests
{
    private static readonly ObjectKey Key = new("ns", "name");
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(10);
    private static readonly World Seen = new("seen");
    private static readonly Fix Harmless = new(false);
    private static readonly Fix Destructive = new(true);

    private readonly IWorkplace<Subject, World> workplace = Substitute.For<IWorkplace<Subject, World>>();

    public ReconcileStepTests()
    {
        workplace.FindAsync(Key, default).ReturnsForAnyArgs(new Subject());
        workplace.LookAsync(null!, default).ReturnsForAnyArgs(Seen);
        workplace.LookOnAsync(null!, null!, default).ReturnsForAnyArgs(call => call.Arg<World>());
        workplace.PerformAsync(null!, null!, null!, default).ReturnsForAnyArgs((World?)null);
    }

    [Fact]
    public async Task An_object_that_is_gone_is_not_looked_at()
    {
        workplace.FindAsync(Key, default).ReturnsForAnyArgs((Subject?)null);
        (await ReconcileAsync()).ShouldBeOfType<Outcome.Await>();
        await workplace.DidNotReceiveWithAnyArgs().LookAsync(null!, default);
    }

    [Fact]
    public async Task At_rest_it_looks_again_at_the_steady_recheck() =>
        (await ReconcileAsync(new Step.Rest())).ShouldBe(new Outcome.After(Steady));

    [Fact]
    public async Task A_wait_is_kept_to() =>
        (await ReconcileAsync(new Step.Wait("A", "Slow", TimeSpan.FromSeconds(5))))
            .ShouldBe(new Outcome.After(TimeSpan.FromSeconds(5)));

    [Fact]
    public async Task No_wait_is_longer_than_the_steady_recheck() =>
        (await ReconcileAsync(new Step.Wait("A", "Slow", TimeSpan.FromDays(5)))).ShouldBe(new Outcome.After(Steady));

    [Fact]
    public async Task A_plan_that_expects_a_change_of_time_is_looked_at_then() =>
        (await ReconcileAsync(_ => new("Plan", [], [new Step.Rest()], TimeSpan.FromSeconds(9))))
            .ShouldBe(new Outcome.After(TimeSpan.FromSeconds(9)));

    [Fact]
    public async Task After_an_act_it_looks_again_at_once() =>
        (await ReconcileAsync(new Step.Take("A", "Missing", Harmless))).ShouldBeOfType<Outcome.Again>();

    [Fact]
    public async Task A_status_is_written_once_where_nothing_is_done()
    {
        await ReconcileAsync(new Step.Rest());
        await workplace.ReceivedWithAnyArgs(1).ReportAsync(null!, null!, null!, null!, default);
    }

    [Fact]
    public async Task On_the_way_up_nothing_is_reported()
    {
        await ReconcileAsync(new Step.Take("A", "Missing", Harmless));
        await workplace.DidNotReceiveWithAnyArgs().ReportAsync(null!, null!, null!, null!, default);
    }

    [Fact]
    public async Task What_takes_away_is_reported()
    {
        await ReconcileAsync(new Step.Take("A", "Missing", Destructive));
        await workplace.ReceivedWithAnyArgs(1).ReportAsync(null!, null!, null!, null!, default);
    }

    [Fact]
    public async Task What_an_act_made_known_is_climbed_on_without_another_look()
    {
        var known = new World("known");
        workplace.PerformAsync(null!, null!, null!, default).ReturnsForAnyArgs(known);
        (await ReconcileAsync(world =>
            new("Plan", [], [world == known ? new Step.Rest() : new Step.Take("A", "Missing", Harmless)], null)))
                .ShouldBe(new Outcome.After(Steady));
        await workplace.ReceivedWithAnyArgs(1).LookAsync(null!, default);
    }

    [Fact]
    public async Task A_circle_ends()
    {
        workplace.PerformAsync(null!, null!, null!, default).ReturnsForAnyArgs(Seen);
        (await ReconcileAsync(new Step.Take("A", "Missing", Harmless))).ShouldBeOfType<Outcome.Again>();
    }

    [Fact]
    public async Task A_failed_act_is_reported_first_and_thrown_after()
    {
        var boom = new InvalidOperationException("boom");
        workplace.PerformAsync(null!, null!, null!, default).ReturnsForAnyArgs(Task.FromException<World?>(boom));
        (await Should.ThrowAsync<ReconcileException>(() =>
            ReconcileAsync(new Step.Take("A", "Missing", Harmless)))).Failures.ShouldHaveSingleItem().Cause
                .ShouldBe(boom);
        await workplace.Received(1).ReportAsync(
            Arg.Any<Subject>(), Seen, Arg.Any<Plan<World>>(),
            Arg.Is<IReadOnlyList<ActFailure>>(failures => failures[0].Rung == "A"), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_failed_act_holds_no_other_back()
    {
        workplace.PerformAsync(Arg.Any<Subject>(), Arg.Any<World>(), Harmless, Arg.Any<CancellationToken>())
            .Returns(Task.FromException<World?>(new InvalidOperationException("boom")));
        await Should.ThrowAsync<ReconcileException>(() =>
            ReconcileAsync(new Step.Take("A", "Open", Harmless), new Step.Take("B", "Open", Destructive)));
        await workplace.Received(1).PerformAsync(Arg.Any<Subject>(), Seen, Destructive, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_look_that_throws_all_the_same_is_decided_on_what_the_workplace_knows_without_looking()
    {
        var blind = new World("blind");
        workplace.LookAsync(null!, default)
            .ReturnsForAnyArgs(Task.FromException<World>(new FormatException("nonsense")));
        workplace.Unseen(null!, null!).ReturnsForAnyArgs(blind);
        (await ReconcileAsync(world =>
            new("Plan", [], [world == blind ? new Step.Take("A", "Open", Destructive) : new Step.Rest()], null)))
                .ShouldBeOfType<Outcome.Again>();
        await workplace.Received(1).PerformAsync(Arg.Any<Subject>(), blind, Destructive, Arg.Any<CancellationToken>());
        await workplace.ReceivedWithAnyArgs(1).ReportAsync(null!, null!, null!, null!, default);
    }

    [Fact]
    public async Task A_wait_for_something_else_ends_by_itself()
    {
        workplace.Postpones(null!).ReturnsForAnyArgs(TimeSpan.FromSeconds(7));
        (await ReconcileAsync(new Step.Rest())).ShouldBe(new Outcome.After(TimeSpan.FromSeconds(7)));
        await workplace.DidNotReceiveWithAnyArgs().LookAsync(null!, default);
    }

    [Fact]
    public async Task An_act_that_nobody_saw_to_be_needed_is_not_followed_by_a_look_at_once() =>
        (await ReconcileAsync(new Step.Take("A", "Unreachable", Destructive) { IsBlind = true }))
            .ShouldBe(new Outcome.After(TimeSpan.FromSeconds(2)));

    [Fact]
    public async Task A_reconcile_that_fails_as_a_whole_comes_back_within_seconds_however_often()
    {
        workplace.FindAsync(Key, default)
            .ReturnsForAnyArgs(Task.FromException<Subject?>(new InvalidOperationException("boom")));
        (await Should.ThrowAsync<ReconcileException>(() => ReconcileAsync())).LookAgainWithin
            .ShouldBe(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_report_that_fails_comes_back_when_the_plan_asked_for()
    {
        workplace.ReportAsync(null!, null!, null!, null!, default)
            .ReturnsForAnyArgs(Task.FromException(new InvalidOperationException("boom")));
        (await Should.ThrowAsync<ReconcileException>(() =>
            ReconcileAsync(_ => new("Plan", [], [new Step.Rest()], TimeSpan.FromSeconds(4))))).LookAgainWithin
                .ShouldBe(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_reconcile_that_takes_too_long_is_late_and_comes_back_when_the_plan_asked_for()
    {
        using var late = new CancellationTokenSource();
        workplace.PerformAsync(null!, null!, null!, default).ReturnsForAnyArgs(call =>
        {
            late.Cancel();
            return Task.FromException<World?>(new OperationCanceledException(late.Token));
        });
        var reconciler = new LadderReconciler<Subject, World>(workplace,
            _ => new("Plan", [], [new Step.Take("A", "Open", Destructive)], TimeSpan.FromSeconds(15)), Steady);
        (await Record.ExceptionAsync(() => reconciler.ReconcileAsync(Key, late.Token)))
            .ShouldBeOfType<LateReconcileException>().LookAgainWithin.ShouldBe(TimeSpan.FromSeconds(15));
    }

    private Task<Outcome> ReconcileAsync(params Step[] steps) => ReconcileAsync(_ => new("Plan", [], steps, null));

    private Task<Outcome> ReconcileAsync(Func<World, Plan<World>> choose) =>
        new LadderReconciler<Subject, World>(workplace, choose, Steady).ReconcileAsync(Key, CancellationToken.None);

    public sealed record Subject;

    public sealed record World(string What);

    private sealed record Fix(bool Takes) : Act
    {
        public override bool IsDestructive => Takes;
    }
}
