using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>With <c>migration.mode: Plan</c>: what the move would take is counted and told. No rung of it acts on
/// anything: nothing is made and nothing is moved.</summary>
internal static class PlanLadder
{
    public static readonly IReadOnlyList<Rung<StoreWorld>> Rungs =
    [
        StoreLadder.GrantedRung,
        StoreLadder.SpecValidRung,
        new("SourceCounted", SourceCounted),
    ];

    /// <summary>A slice is counted at each look.</summary>
    public static readonly TimeSpan NextSlice = TimeSpan.FromSeconds(1);

    /// <summary>Once something was put somewhere, the move has begun: there is nothing to plan any more.</summary>
    public static bool IsFor(StoreWorld world) =>
        world is { IsPlaced: false, IsDeleting: false, Migration.Plan: not null };

    /// <summary>Of an earlier store of its name, or of this one without a record of it: that is closed,
    /// whatever the spec asks for.</summary>
    public static bool IsAnythingLeft(StoreWorld world) =>
        world.Adoption is not null
            || world.Target.ForDisplay() is { Ownership: StoreOwnership.Ours or StoreOwnership.Earlier }
            || world.Binding.ForDisplay() is not null;

    private static Finding SourceCounted(StoreWorld world) => world.Migration!.Source.Judge(source =>
        source.Unfit is { } unfit ? new Finding.Stuck(unfit.Code, unfit.Message)
        : !source.Exists
            ? new Finding.Stuck("SourceMissing", "the shared place is not there: correct spec.shared, or leave it out")
        : world.Migration.Plan!.Value.Judge(plan => plan.CountedAt is null
            ? new Finding.Pending("SourceNotCounted", NextSlice,
                "the shared place is being listed: status.plan says how far that is")
            : new Finding.Holds(
                Message: "nothing is made and nothing is moved: status.plan says what the move would take; set "
                    + "spec.migration.mode to Run to begin it")));
}
