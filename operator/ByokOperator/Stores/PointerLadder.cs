using ByokOperator.Cluster;
using ByokOperator.Reconciling;
using Cloud.Stores;

namespace ByokOperator.Stores;

/// <summary>
/// Of a store that names no key: its binding leads to the shared place, so that workloads read the same ConfigMap
/// before, during and after the move that <c>spec.keyRef</c> begins. No cloud is changed.
/// </summary>
internal static class PointerLadder
{
    public static readonly IReadOnlyList<Rung<StoreWorld>> Rungs =
    [
        StoreLadder.GrantedRung,
        StoreLadder.RightsGivenRung,
        StoreLadder.SpecValidRung,
        new("SourceFound", SourceFound),
        new("Bound", Bound),
    ];

    private static readonly TimeSpan SourceRecheck = TimeSpan.FromMinutes(1);

    /// <summary>Once something was put somewhere, what stands there counts, whatever the spec names.</summary>
    public static bool IsFor(StoreWorld world) =>
        world is { NamesNoKey: true, IsPlaced: false, IsDeleting: false, IsRecordedOnly: false, Migration: not null };

    /// <summary>
    /// Whether a binding could lead into the store. One that names the shared place does not; nor does whatever
    /// somebody wrote into one while the store has neither key nor place.
    /// </summary>
    public static bool IsWayIn(BindingFacts? binding, StoreWorld near, Fact<StoreDescription> target) =>
        binding is { NamesShared: false }
            && !(near is { NamesNoKey: true, IsPlaced: false }
                && target.ForDisplay() is { } seen && !PlaceRefs.MayBeOwn(seen.Ownership, near.IsClaimed));

    // A place that comes later is no mistake: who keeps it may be about to make it.
    private static Finding SourceFound(StoreWorld world) => world.Migration!.Source.Judge(source => source.Exists
        ? Finding.Holds.Now
        : new Finding.Pending("SourceMissing", SourceRecheck,
            "the shared place is not there: make it, or make an EncryptedStore that names another"));

    // Where nobody can see whether something of its own stands, as after a record was lost, nobody is led away from it:
    // what is written meanwhile would be under no key of the tenant's.
    private static Finding Bound(StoreWorld world) => world.IsPointed.Judge(isPointed => isPointed
        ? new Finding.Holds(
            Message: "it leads to the shared place, where nothing is under a key of the tenant's: name one in "
                + "spec.keyRef to begin the move")
        : world.Target.Judge(target => target.Ownership switch
        {
            StoreOwnership.Forbidden => new Finding.Pending("TargetForbidden", SourceRecheck,
                "the operator may not see whether a place of the store's own stands already: give its role back what "
                    + "its policy lists"),
            StoreOwnership.Stranger or StoreOwnership.Unmarked when world.IsClaimed => new Finding.Stuck("PlaceUnclear",
                "something stands where the store's own place was or would be, without the store's tag, and no record "
                    + "says whose it is: put the tag or the record back; or, if it is none of this store's, make an "
                    + "EncryptedStore of another name"),
            _ => new Finding.Lacks("NotBound", new StoreAct.Point(world.Uid)),
        }));
}
