using ByokOperator.Api;
using ByokOperator.Migrations;
using ByokOperator.Reconciling;
using ByokOperator.Stores;

namespace Simulation;

/// <summary>The real choice of a plan, or one with a bug seeded into it.</summary>
internal static class Bugs
{
    private static readonly IReadOnlyList<Rung<StoreWorld>> withoutProof = [.. StoreLadder.WithMigration.Where(rung => rung.Condition != "KeyUsable")];
    private static readonly IReadOnlyList<Rung<StoreWorld>> withoutDelta = [.. StoreLadder.WithMigration.Where(rung => rung.Condition != "DeltaCopied")];
    private static readonly IReadOnlyList<Rung<StoreWorld>> deletingWithSource = [new("SourceRetired", RetireUnasked), .. DeletingLadder.Retain];
    private static readonly IReadOnlyList<Rung<StoreWorld>> fenceFirst = Before("SourceRetired", new Rung<StoreWorld>("FenceLifted", LiftEarly));
    private static readonly IReadOnlyList<Rung<StoreWorld>> retireFirst = Before("ServedFromTarget", new Rung<StoreWorld>("SourceRetired", RetireEarly));

    public static Plan<StoreWorld> Choose(Bug bug, StoreWorld world, Func<IReadOnlyList<Rung<StoreWorld>>, StoreWorld, Step> stored)
    {
        switch (bug)
        {
            case Bug.PauseHoldsClosingBack when world.IsPaused: return new(StorePlan.Wanted, StoreLadder.WithMigration, [new Step.Wait("Paused", "Paused", TimeSpan.Zero)], null);
            case Bug.DeletingGoesBeforeClosing when world.IsDeleting:
                return Plan.Climb(StorePlan.Deleting, world.DeletionPolicy == DeletionPolicies.Delete ? DeletingLadder.Delete : DeletingLadder.Retain, world);
            default: break;
        }

        var plan = StorePlan.Choose(world);
        return plan.Name == StorePlan.Closing || world.IsPaused || world.Migration is null ? plan : bug switch
        {
            Bug.StoredPhase when plan.Name == StorePlan.Wanted => plan with { Steps = [stored(plan.Rungs, world)] },
            Bug.OpensBeforeAnyProof when plan.Name == StorePlan.Wanted => Plan.Climb(plan.Name, withoutProof, world),
            Bug.ReceiptBeforeDelta when plan.Name == StorePlan.Wanted => Plan.Climb(plan.Name, withoutDelta, world),
            Bug.FenceLiftedBeforeRetired when plan.Name == StorePlan.Wanted => Plan.Climb(plan.Name, fenceFirst, world),
            Bug.RetiresBeforeServed when plan.Name == StorePlan.Wanted => Plan.Climb(plan.Name, retireFirst, world),
            Bug.DeletingRetiresTheSource when plan.Name == StorePlan.Deleting => Plan.Climb(plan.Name, deletingWithSource, world),
            _ => plan,
        };
    }

    private static IReadOnlyList<Rung<StoreWorld>> Before(string condition, Rung<StoreWorld> added) =>
    [
        .. StoreLadder.WithMigration.TakeWhile(rung => rung.Condition != condition),
        added,
        .. StoreLadder.WithMigration.SkipWhile(rung => rung.Condition != condition),
    ];

    private static Finding RetireUnasked(StoreWorld world) => world.Migration!.Source.Judge(source => source.IsEmpty
        ? Finding.Holds.Now
        : new Finding.Lacks("SourcePresent", new MigrationAct.RetireBatch("", source.Fence ?? "", "")));

    private static Finding LiftEarly(StoreWorld world) => world.Migration!.Source.Judge(source => source.Fence is { } fence
        ? new Finding.Lacks("FenceStands", new MigrationAct.LiftFence(fence))
        : Finding.Holds.Now);

    private static Finding RetireEarly(StoreWorld world) => world.Migration!.Receipt.Judge(receipt => world.Migration.Source.Judge(source =>
        receipt is null || source.Fence is null || source.IsEmpty
            ? Finding.Holds.Now
            : new Finding.Lacks("SourcePresent", new MigrationAct.RetireBatch(receipt.Digest, source.Fence, ""))));
}
