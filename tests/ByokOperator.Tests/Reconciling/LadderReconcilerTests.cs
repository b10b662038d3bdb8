using ByokOperator.Reconciling;
using Kube.Core;
using Kube.Runtime.Controllers;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reconciling;

public sealed class LadderReconcilerTests
{
    private static readonly ObjectKey Key = new("tenant", "subject");

    [Fact]
    public async Task Acts_that_know_their_effect_follow_each_other_on_one_look_and_one_report()
    {
        var place = new Place();
        (await ReconcileAsync(place)).ShouldBeOfType<Outcome.After>();
        place.Said.ShouldBe(["look", "tell", "A", "B", "report A B"]);
    }

    [Fact]
    public async Task
        After_an_act_whose_effect_only_a_look_can_tell_the_world_is_looked_at_again_before_anybody_is_told()
    {
        var place = new Place { Unsure = "A" };
        (await ReconcileAsync(place)).ShouldBeOfType<Outcome.Again>();
        place.Said.ShouldBe(["look", "tell", "A"]);
    }

    [Fact]
    public async Task An_act_that_takes_something_away_is_told_of_at_once()
    {
        var place = new Place { Unsure = "A", IsDestructive = true };
        (await ReconcileAsync(place)).ShouldBeOfType<Outcome.Again>();
        place.Said.ShouldBe(["look", "tell", "A", "report "]);
    }

    [Fact]
    public async Task An_act_that_fails_on_the_way_is_told_of_with_what_was_reached_before_it()
    {
        var place = new Place { Failing = "B" };
        await Should.ThrowAsync<ReconcileException>(() => ReconcileAsync(place));
        place.Said.ShouldBe(["look", "tell", "A", "B", "report A, B failed"]);
    }

    [Fact]
    public async Task Acts_that_undo_each_other_do_not_go_round_on_one_look_for_ever()
    {
        var place = new Place { Undone = true };
        (await ReconcileAsync(place)).ShouldBeOfType<Outcome.Again>();
        place.Said.Count.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task What_was_seen_is_told_before_the_rest_is_looked_at_and_before_anything_is_done()
    {
        var place = new Place { LooksOn = true };
        await ReconcileAsync(place);
        place.Said.ShouldBe(["look", "tell", "look on", "tell", "A", "B", "report A B"]);
    }

    private static Task<Outcome> ReconcileAsync(Place place) =>
        new LadderReconciler<string, World>(place, place.Choose, TimeSpan.FromMinutes(10)).ReconcileAsync(Key,
            TestContext.Current.CancellationToken);

    private sealed record World(IReadOnlyList<string> Done);

    private sealed record Fix(string What, bool Destroys) : Act
    {
        public override bool IsDestructive => Destroys;
    }

    /// <summary>Two things are wanted, A and then B; what was said tells the order of everything.</summary>
    private sealed class Place : IWorkplace<string, World>
    {
        public string? Unsure { get; init; }

        public string? Failing { get; init; }

        public bool IsDestructive { get; init; }

        public bool Undone { get; init; }

        public bool LooksOn { get; init; }

        public List<string> Said { get; } = [];

        public Plan<World> Choose(World world) => Plan.Climb("Wanted", [Wanted("A"), Wanted("B")], world);

        public Task<string?> FindAsync(ObjectKey key, CancellationToken cancellation) =>
            Task.FromResult<string?>(key.Name);

        public TimeSpan? Postpones(string subject) => null;

        public World Unseen(string subject, Exception failure) => throw new System.Diagnostics.UnreachableException();

        public Task<World> LookAsync(string subject, CancellationToken cancellation)
        {
            Said.Add("look");
            return Task.FromResult(new World([]));
        }

        public void Publish(string subject, World world) => Said.Add("tell");

        public Task<World> LookOnAsync(string subject, World world, CancellationToken cancellation)
        {
            if (!LooksOn)
            {
                return Task.FromResult(world);
            }

            Said.Add("look on");
            return Task.FromResult(world with { Done = [] });
        }

        public Task<World?> PerformAsync(string subject, World world, Act act, CancellationToken cancellation)
        {
            var what = ((Fix)act).What;
            Said.Add(what);
            return what == Failing
                ? throw new InvalidOperationException(what)
                : Task.FromResult(what == Unsure ? null : Undone ? world : new World([.. world.Done, what]));
        }

        public Task ReportAsync(
            string subject, World world, Plan<World> plan, IReadOnlyList<ActFailure> failures,
            CancellationToken cancellation)
        {
            Said.Add(
                $"report {string.Join(' ', world.Done)}{string.Concat(failures.Select(failure => $", {failure.Rung} failed"))}");
            return Task.CompletedTask;
        }

        private Rung<World> Wanted(string what) => new(
            what,
            world =>
                world.Done.Contains(what) ? Finding.Holds.Now
                    : new Finding.Lacks("Missing", new Fix(what, IsDestructive)));
    }
}
