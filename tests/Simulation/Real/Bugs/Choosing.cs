using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.Reconciling;
using ByokOperator.Stores;

namespace Simulation.Real.Bugs;

/// <summary>The real choice of a plan, or one with a bug seeded into it.</summary>
internal static class Choosing
{
    private static readonly IReadOnlyList<Rung<StoreWorld>> withoutProof =
        [.. StoreLadder.WithMigration.Where(rung => rung.Condition != "KeyUsable")];
    private static readonly IReadOnlyList<Rung<StoreWorld>> fenceFirst =
        Before("SourceRetired", new Rung<StoreWorld>("FenceLiftedEarly", LiftEarly));

    public static Plan<StoreWorld> Of(
        Bug bug, StoreWorld world, Func<IReadOnlyList<Rung<StoreWorld>>, StoreWorld, Step> stored)
    {
        switch (bug)
        {
            case Bug.PauseHoldsClosingBack
                when world.IsPaused: return new(StorePlan.Wanted, StoreController.Choose(world).Rungs,
                    [new Step.Wait("Paused", "Paused", TimeSpan.Zero)], null);
            case Bug.DeletingGoesBeforeClosing when world.IsDeleting:
                return Plan.Climb(StorePlan.Deleting, world.DeletionPolicy == DeletionPolicies.Delete
                    ? DeletingLadder.Delete : DeletingLadder.Retain, world);
            default: break;
        }

        var plan = StoreController.Choose(world);
        return plan.Name == StorePlan.Closing ? Closing(bug, world, plan)
            : world.IsPaused || world.Migration is null ? plan : bug switch
            {
                Bug.StoredPhase when plan.Name == StorePlan.Wanted => plan with { Steps = [stored(plan.Rungs, world)] },
                Bug.OpensBeforeAnyProof
                    when plan.Name == StorePlan.Wanted => Plan.Climb(plan.Name, withoutProof, world),
                Bug.WindowEndLosesFence when plan.Name == StorePlan.Wanted
                    && Lost(world) is { } lift => plan with { Steps = [lift] },
                Bug.FenceLiftedBeforeRetired
                    when plan.Name == StorePlan.Wanted => Plan.Climb(plan.Name, fenceFirst, world),
                _ => plan,
            };
    }

    private static Plan<StoreWorld> Closing(Bug bug, StoreWorld world, Plan<StoreWorld> plan) => bug switch
    {
        Bug.ClosesOneThingAtATime => plan with { Steps = [plan.Steps[0]] },
        Bug.ClosingStopsAtFirstFailure
            when plan.Steps.Any(step => step is not Step.Take) =>
                plan with
                {
                    Steps = [.. plan.Steps.TakeWhile(step => step is Step.Take),
                        plan.Steps.First(step => step is not Step.Take)],
                },
        Bug.ClosesOnlyWhatIsBound when world.Binding.ForDisplay() is null => plan with { Steps = [new Step.Rest()] },
        _ => plan,
    };

    private static IReadOnlyList<Rung<StoreWorld>> Before(string condition, Rung<StoreWorld> added) =>
    [
        .. StoreLadder.WithMigration.TakeWhile(rung => rung.Condition != condition),
        added,
        .. StoreLadder.WithMigration.SkipWhile(rung => rung.Condition != condition),
    ];

    /// <summary>The window has ended, whatever stands behind the fence.</summary>
    private static Step.Take? Lost(StoreWorld world) =>
        world.Migration is { Windows: { } windows } move && move.Source.ForDisplay()?.Fence is { } fence
            && windows.OpenUntil(move.Now) is null
            ? new Step.Take("WritesFenced", "WindowEnded", new MigrationAct.LiftFence(fence))
            : null;

    private static Finding LiftEarly(StoreWorld world) =>
        world.Migration!.Source.Judge(source => source.Fence is { } fence
            ? new Finding.Lacks("FenceStands", new MigrationAct.LiftFence(fence))
            : Finding.Holds.Now);
}
